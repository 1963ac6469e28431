"""Incidents: what happened, what it cost, and which risks came true in it."""
