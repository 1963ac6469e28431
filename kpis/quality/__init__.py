"""What the quality of extracts means for KPIs: which lean on a column, what corrections moved.

leaning.py      column -> the KPIs whose formulas name it, and in which part
judging.py      is the share of refused rows changing? a control chart over loads
moved.py        the published values that moved most since they were published first
"""

from __future__ import annotations

from kpis.quality.judging import judged_loads
from kpis.quality.leaning import Lean, Part, leaning
from kpis.quality.moved import Moved, most_moved

__all__ = ["Lean", "Moved", "Part", "judged_loads", "leaning", "most_moved"]
