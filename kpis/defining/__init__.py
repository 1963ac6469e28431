"""Definitions as data: who writes them."""
