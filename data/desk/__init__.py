"""What a person keeps on his own desk: forms begun and not sent, and views of a table.

Nobody else sees it and nothing depends on it, so the audit trail does not tell of it: what is made
of a draft is an action like any other, and recorded.
"""

from data.desk.reading import Draft, View, read_draft, read_views

__all__ = ["Draft", "View", "read_draft", "read_views"]
