"""How risks are measured and sorted, and how the register is published."""
