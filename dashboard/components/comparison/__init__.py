"""Drawers of the Comparison page: the answer, the funnel, members over time, the map, the table."""
