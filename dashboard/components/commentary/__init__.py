"""What happened, why, what is done about it, by whom and until when; wherever it is shown."""
