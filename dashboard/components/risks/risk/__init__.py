"""One risk: what it is and how it stands, what is done about it, and everything done with it."""
