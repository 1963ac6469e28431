"""The page of appetite, part by part."""
