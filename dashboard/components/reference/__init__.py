"""The page of reference data: its parts, and the preview every edit goes through."""
