"""The `cra` command: for schedules, and for people who live in a terminal."""
