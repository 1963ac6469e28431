"""Rebases and annotations of control charts: who said what from which day on, and why."""

from kpis.notes.actions import Place, add_note, withdraw_note
from kpis.notes.reading import Note, NoteKind, read_notes

__all__ = ["Note", "NoteKind", "Place", "add_note", "read_notes", "withdraw_note"]
