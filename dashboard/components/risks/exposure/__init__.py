"""What the register may cost in a year: curve, drivers, treatments, and how good estimates were."""
