"""The agency's own reference data: who writes it."""
