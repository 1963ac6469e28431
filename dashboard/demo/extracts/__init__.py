"""What the agency's other systems would have sent: one module a room, from the world to rows."""
