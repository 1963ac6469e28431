"""Drawers of the Data quality page: what can be trusted, what is broken, is it getting better."""
