"""Demo KPIs whose values people enter: two years of them, with evidence, approved by a second."""

from dashboard.demo.entered.filling import fill_entered

__all__ = ["fill_entered"]
