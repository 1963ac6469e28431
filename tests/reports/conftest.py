"""Packs to write, and two programs to read what was written: openpyxl and LibreOffice."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from data.language.compile import compile_catalogues
from reports.packs.management import ManagementPack
from tests.reports.board_pack import make_pack
from tests.requirements import required


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    compile_catalogues()


@pytest.fixture(scope="session")
def pack() -> ManagementPack:
    return make_pack()


@pytest.fixture(scope="session")
def nasty_pack() -> ManagementPack:
    return make_pack(nasty=True)


@pytest.fixture(scope="session")
def soffice() -> str:
    """LibreOffice, the second program that must understand what we write."""
    return required("LibreOffice (soffice)", shutil.which("soffice"))


@pytest.fixture(scope="session")
def pdftotext() -> str:
    return required("pdftotext (poppler-utils)", shutil.which("pdftotext"))


def open_workbook(content: bytes, *, values: bool = False) -> Workbook:
    """Read a workbook back; openpyxl says that it would lose sparklines and bars, and may."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*extension is not supported", module="openpyxl")
        return load_workbook(BytesIO(content), data_only=values)


@pytest.fixture(scope="session")
def reopen() -> Callable[..., Workbook]:
    return open_workbook
