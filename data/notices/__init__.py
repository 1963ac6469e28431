"""What needs somebody's attention: written by the system, closed by people or by what follows."""

from data.notices.actions import acknowledge, close_notices, write_notices
from data.notices.kinds import NewNotice, NoticeKind
from data.notices.reading import open_notices

__all__ = [
    "NewNotice",
    "NoticeKind",
    "acknowledge",
    "close_notices",
    "open_notices",
    "write_notices",
]
