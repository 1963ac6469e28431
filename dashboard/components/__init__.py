"""Small drawers: they take read models and put them on the page."""
