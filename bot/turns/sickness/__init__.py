"""Reporting sick and better: what a script does about it, what it may name, and what the coach hears. Days alone."""
