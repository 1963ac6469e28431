"""What proves entered values: files kept under their hash, references in words."""

from kpis.evidence.files import EvidenceFile
from kpis.evidence.reading import EvidenceItem, read_evidence, read_evidence_file

__all__ = ["EvidenceFile", "EvidenceItem", "read_evidence", "read_evidence_file"]
