"""What waits for a person, his own risks, who stands in for him, how good his estimates were."""
