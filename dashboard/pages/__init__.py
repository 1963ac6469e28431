"""One file a page, thin: choose, ask, draw."""
