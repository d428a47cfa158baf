"""The handover in the chat: made by a coach, read and agreed by each party, shared item by item."""
