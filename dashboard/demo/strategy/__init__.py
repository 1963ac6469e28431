"""The strategy of the demo agency and what serves it, played through the use cases."""
