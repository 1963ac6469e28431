"""What holds on a span of days: deadlines of services, online services, minutes, numbers of law."""

from data.agency.spans.actions import begin_span, end_span, remove_span
from data.agency.spans.kinds import SpanKind, SpanRow
from data.agency.spans.reading import read_spans

__all__ = ["SpanKind", "SpanRow", "begin_span", "end_span", "read_spans", "remove_span"]
