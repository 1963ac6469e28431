"""What the page of entered readings draws, part by part."""
