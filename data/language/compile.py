"""Compile the catalogues people edit (.po) into those the product reads (.mo), in set-up.

Run as `python -m data.language.compile`; only what changed is compiled.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from data.language.texts import CATALOGUES


def compile_catalogues(folder: Path = CATALOGUES) -> list[Path]:
    """Bring every .mo in step with its .po; gives the files written."""
    _remove_orphans(folder)
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            _compile(source, target)
            written.append(target)
    return written


def read_catalogue(source: Path) -> Catalog:
    """The texts of one .po file; a malformed file is an error."""
    with source.open("rb") as stream:
        return read_po(stream, abort_invalid=True)


def _remove_orphans(folder: Path) -> None:
    """A catalogue that is gone must not go on speaking."""
    for target in folder.glob("*/LC_MESSAGES/*.mo"):
        if not target.with_suffix(".po").exists():
            target.unlink()


def _compile(source: Path, target: Path) -> None:
    """Written aside and renamed, so that a process reading meanwhile never sees half a file."""
    aside = target.with_suffix(f".{os.getpid()}.tmp")
    with aside.open("wb") as stream:
        write_mo(stream, read_catalogue(source))
    aside.replace(target)


if __name__ == "__main__":
    compiled = compile_catalogues()
    sys.stdout.write("".join(f"{file.relative_to(CATALOGUES)}\n" for file in compiled))
