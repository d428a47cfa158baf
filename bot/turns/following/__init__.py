"""What coach and participant keep an eye on together: referrals to other help, and the participation ladder."""
