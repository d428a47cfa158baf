"""Danger, before everything else (P12): words that may mean it are answered at once, and reach a human.

Nothing here calls the engine or reads a run: a broken script cannot swallow a cry for help.
"""
