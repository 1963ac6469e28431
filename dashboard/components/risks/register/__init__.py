"""The register as a table and as a map: chosen, put in order, compared with an earlier day."""
