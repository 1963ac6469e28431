"""The data interface: what the pages show, as JSON for programs, behind the same door."""
