"""How the register is shown."""
