"""Key risk indicators: what is watched, how it stands, and the forms of the catalogue."""
