"""What care asks of a turn: the coach's tasks, silence and worry, the words for less and for more contact."""
