"""Drawers of the Extracts page: a file on its way in, what was loaded, what is complete."""
