"""The folder in which files are dropped that nobody uploads: looked at, taken in, put away."""
