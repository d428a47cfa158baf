"""What a coach does: look at alerts, take them, answer, close; say whether the right person joined."""
