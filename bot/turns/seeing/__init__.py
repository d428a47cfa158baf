"""What people can look up: what was agreed, when we speak and why, who does what, and how a placement stands."""
