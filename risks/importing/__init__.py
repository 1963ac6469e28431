"""Changes of many risks that come in one file: all of them or none."""
