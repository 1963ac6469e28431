"""Language, spoken at the two edges only: texts, numbers, dates in Albanian, Serbian and English."""
