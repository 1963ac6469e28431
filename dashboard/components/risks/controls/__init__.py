"""The catalogue of controls: what stands before and after events, and whether it works."""
