"""The plain routes beside the pages: signing in and out, health; what surrounds every answer."""
