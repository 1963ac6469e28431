"""How KPIs look wherever they stand: verdicts, figures, links, cards, the table of them all."""
