"""Language, spoken at the two edges only: texts, numbers and dates in three languages."""
