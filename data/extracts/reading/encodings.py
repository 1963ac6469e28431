"""Which encoding a file of text is in: sniffed in a fixed order, then written on as UTF-8."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from data.errors import ExtractRejected
from data.extracts.reading.containers import chunks

_LETTERS = "ëËçÇšŠđĐčČćĆžŽáéöüÖÜ€–—’“”\u00a0"
_MISREADINGS = ("cp1252", "cp1250", "latin-1")
_LOOKALIKES = "èÈæÆðÐ"  # č, ć and đ of cp1250 as cp1252 shows them
_REPLACEMENT = "\ufffd"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_OVERLAP = 4
BLANKS = (" ", "\t", "\u00a0")
SIGNS = ("+", "@", *BLANKS)


@dataclass(frozen=True, slots=True)
class Text:
    """A file of text in UTF-8, and what it was before."""

    path: Path
    encoding: str
    ends_with_line: bool
    has_plus: bool  # some checks need a sign that most files do not hold
    has_at: bool
    blanks: tuple[str, ...]  # kinds of blank that occur


def open_text(path: Path, accepted: Iterable[str], scratch: Path) -> Text:
    """The file as UTF-8; ExtractRejected for damaged letters or an encoding not accepted.

    The order is fixed: byte order mark, zero bytes (UTF-16 without a mark), UTF-8, then the
    single-byte encodings in the order of `accepted`. UTF-8 files are not copied.
    """
    allowed = tuple(accepted)
    with path.open("rb") as file:
        start = file.read(4096)
    codec = _from_start(start)
    if codec is None:
        plain = _scan_utf8(path)
        if plain is not None:
            return _allowed(plain, "utf-8", allowed)
        return _single_byte(path, allowed, scratch)
    name = "utf-16" if codec.startswith("utf-16") else "utf-8"
    if codec == "utf-8-sig":
        plain = _scan_utf8(path)
        if plain is None:
            raise ExtractRejected("extracts.refused.undecodable", encoding=codec)
        return _allowed(plain, name, allowed)
    return _allowed(_transcode(path, codec, name, scratch), name, allowed)


def decode_start(start: bytes) -> str:
    """The first part of a file, as well as it can be read: enough to find headers."""
    codec = _from_start(start)
    if codec is None:
        try:
            codecs.getincrementaldecoder("utf-8")().decode(start)
            codec = "utf-8"
        except UnicodeDecodeError:
            codec = "cp1250"
    return start.decode(codec, errors="replace").removeprefix("\ufeff")


def _from_start(start: bytes) -> str | None:
    for mark, codec, _name in _BOMS:
        if start.startswith(mark):
            return codec
    odd, even = start[1::2].count(0), start[0::2].count(0)
    if odd > len(start) // 8 and odd > 4 * even:
        return "utf-16-le"
    if even > len(start) // 8 and even > 4 * odd:
        return "utf-16-be"
    return None


def _allowed(text: Text, name: str, accepted: tuple[str, ...]) -> Text:
    if name not in accepted and not (name == "utf-8" and _is_ascii(text.path)):
        raise ExtractRejected(
            "extracts.refused.encoding_not_accepted", encoding=name, accepted=accepted
        )
    return text


def _is_ascii(path: Path) -> bool:
    with path.open("rb") as file:
        return all(chunk.isascii() for chunk in chunks(file))


def _scan_utf8(path: Path) -> Text | None:
    """What there is to know of a UTF-8 file; None when it is not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    seen, last, carried = set[str](), b"", ""
    with path.open("rb") as file:
        for chunk in chunks(file):
            _refuse_zero(chunk)
            plain, last = chunk.isascii(), chunk
            seen.update(
                sign for sign in SIGNS if sign not in seen and _holds(chunk, sign, plain=plain)
            )
            if plain and not decoder.getstate()[0]:
                continue
            try:
                carried = refuse_damage(carried + decoder.decode(chunk))
            except UnicodeDecodeError:
                return None
    if decoder.getstate()[0]:
        return None
    return _text(path, "utf-8", seen, ends_with_line=last.endswith((b"\n", b"\r")))


def _holds(chunk: bytes, sign: str, *, plain: bool) -> bool:
    """Whether a sign occurs; looking for one beyond ASCII is slow, so not where there is none."""
    return not (plain and not sign.isascii()) and sign.encode() in chunk


def _single_byte(path: Path, accepted: tuple[str, ...], scratch: Path) -> Text:
    for codec in accepted:
        if codec.startswith("cp") and _decodes(path, codec):
            return _transcode(path, codec, codec, scratch)
    raise ExtractRejected("extracts.refused.undecodable", encoding=", ".join(accepted))


def _decodes(path: Path, codec: str) -> bool:
    try:
        for _text in _decoded(path, codec):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _transcode(path: Path, codec: str, name: str, scratch: Path) -> Text:
    """Write the file on as UTF-8, piece by piece."""
    target, seen, last, carried = scratch / "as-utf-8.csv", set[str](), "", ""
    try:
        with target.open("w", encoding="utf-8", newline="") as file:
            for text in _decoded(path, codec):
                _refuse_zero(text)
                carried = refuse_damage(carried + text, cp1252=codec == "cp1252")
                last = text or last
                seen.update(sign for sign in SIGNS if sign in text)
                file.write(text)
    except UnicodeDecodeError as error:
        raise ExtractRejected("extracts.refused.undecodable", encoding=name) from error
    return _text(target, name, seen, ends_with_line=last.endswith(("\n", "\r")))


def _text(path: Path, encoding: str, seen: set[str], *, ends_with_line: bool) -> Text:
    blanks = tuple(sign for sign in BLANKS if sign in seen) or BLANKS[:1]
    return Text(path, encoding, ends_with_line, "+" in seen, "@" in seen, blanks)


def _decoded(path: Path, codec: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(codec)()
    with path.open("rb") as file:
        for chunk in chunks(file):
            yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _refuse_zero(chunk: bytes | str) -> None:
    if (b"\0" in chunk) if isinstance(chunk, bytes) else ("\0" in chunk):
        raise ExtractRejected("extracts.refused.wrong_kind", found="binary")


def refuse_damage(text: str, *, cp1252: bool = False) -> str:
    """Refuse letters that were lost or misread before; returns the end of the text."""
    if _REPLACEMENT in text:
        raise ExtractRejected("extracts.refused.lost_letters")
    if found := _MOJIBAKE.search(text):
        raise ExtractRejected(
            "extracts.refused.misread_letters", found=found[0], meant=_MEANT[found[0]]
        )
    if cp1252 and any(sign in text for sign in _LOOKALIKES):
        raise ExtractRejected("extracts.refused.misread_letters", found="è æ ð", meant="č ć đ")
    return text[-_OVERLAP:]


def _misread(letter: str, codec: str) -> str | None:
    try:
        return letter.encode().decode(codec)
    except UnicodeDecodeError:
        return None


_MEANT = {
    shown: letter
    for codec in _MISREADINGS
    for letter in _LETTERS
    if (shown := _misread(letter, codec)) is not None
}
_MOJIBAKE = re.compile("|".join(re.escape(shown) for shown in sorted(_MEANT)))
