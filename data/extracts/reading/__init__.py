"""From an untrusted file to a table of texts: containers, encodings, spreadsheets, headers."""
