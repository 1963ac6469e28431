"""What a file really is: told by its bytes, unpacked within limits, refused when hostile."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from data.errors import ExtractRejected
from data.extracts.profiles import load_profiles
from data.extracts.reading.containers import Limits, open_content
from data.extracts.recognition import recognise
from tests.data.extracts.checks import ROW, Desk, table

GOOD = table(ROW).encode()


def zipped(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize("content", [gzip.compress(GOOD), zipped({"../../etc/a.csv": GOOD})])
def test_packed_tables_are_read_under_names_of_our_own(desk: Desk, content: bytes) -> None:
    assert desk.check(content, name="anything.bin").counts.accepted == 1
    path = desk.folder / "anything.bin"
    assert recognise(path, path.name, load_profiles(None)).profile.id == "applications-native"


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (zipped({"a.csv": GOOD, "b.csv": GOOD}), "extracts.refused.archive_members"),
        (zipped({}) + b"", "extracts.refused.wrong_kind"),
        (gzip.compress(GOOD)[:-20], "extracts.refused.broken_archive"),
        (zipped({"a.csv": GOOD})[:-30], "extracts.refused.broken_archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "extracts.refused.old_excel"),
        (b"%PDF-1.7 ...", "extracts.refused.wrong_kind"),
        (GOOD + b"\0\0\0", "extracts.refused.wrong_kind"),
        (gzip.compress(gzip.compress(GOOD)), "extracts.refused.wrong_kind"),
        (gzip.compress(b"", mtime=0), "extracts.refused.empty_file"),
    ],
)
def test_what_is_no_table_is_refused(desk: Desk, content: bytes, key: str) -> None:
    with pytest.raises(ExtractRejected) as caught:
        desk.check(content)
    assert caught.value.key == key


@pytest.mark.parametrize("pack", [gzip.compress, lambda content: zipped({"a.csv": content})])
def test_bombs_are_refused_before_they_unfold(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    path = tmp_path / "bomb"
    path.write_bytes(pack(bytes(40 << 20)))
    with pytest.raises(ExtractRejected) as caught:
        open_content(path, tmp_path)
    assert caught.value.key == "extracts.refused.zip_bomb"
    written = tmp_path / "unpacked"
    assert not written.exists() or written.stat().st_size < 20 << 20


def test_sizes_are_capped(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(GOOD)
    with pytest.raises(ExtractRejected, match=r"too_large"):
        open_content(path, tmp_path, Limits(file_bytes=10))
    path.write_bytes(gzip.compress(GOOD))
    with pytest.raises(ExtractRejected, match=r"too_large"):
        open_content(path, tmp_path, Limits(unpacked_bytes=10))


def test_the_profile_says_which_kinds_it_reads(desk: Desk) -> None:
    with pytest.raises(ExtractRejected) as caught:
        desk.check(table(ROW), desk.profile('[file]\nkinds = ["xlsx"]'))
    assert caught.value.key == "extracts.refused.kind_not_accepted"
