"""Reviewing one's risks on one screen, card after card."""
