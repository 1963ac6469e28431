"""Every command and every option of one has its line in the documentation, and nothing else has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from dashboard.command_line.main import app

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "commands.md"
SHARED = "Options that many commands share"
OPTION = re.compile(r"`(--[a-z][a-z-]*)")


def commands(node: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Every command by the words one types."""
    below = getattr(node, "commands", None)
    if below is None:
        yield " ".join(path), node
        return
    for name, one in below.items():
        yield from commands(one, (*path, name))


@cache
def every_command() -> dict[str, Any]:
    return dict(commands(typer.main.get_command(app), ("cra",)))


@cache
def sections() -> dict[str, str]:
    """What is written under each heading, by its words without marks."""
    parts = re.split(r"^#+ (.+)$", DOCUMENT.read_text(), flags=re.MULTILINE)[1:]
    return {head.strip("`"): text for head, text in zip(parts[::2], parts[1::2], strict=True)}


def options(command: Any) -> set[str]:
    return {
        name
        for one in command.params
        if one.param_type_name == "option" and one.name != "help"
        for name in (*one.opts, *one.secondary_opts)
        if name.startswith("--")
    }


def lines_naming(text: str) -> set[str]:
    """The options that begin a line of a list, or stand in one."""
    items = re.findall(r"^- (.+(?:\n  .+)*)", text, flags=re.MULTILINE)
    return {name for item in items for name in OPTION.findall(item.partition(": ")[0])}


@pytest.mark.parametrize("name", list(every_command()))
def test_a_command_and_its_options_are_documented(name: str) -> None:
    assert name in sections(), f"no heading for {name}"
    told = sections()[name]
    assert told.strip(), f"nothing is said of {name}"
    shared = lines_naming(sections()[SHARED])
    missing = options(every_command()[name]) - lines_naming(told) - shared
    assert missing == set(), f"no line for {sorted(missing)} of {name}"


def test_nothing_is_documented_that_is_not_there() -> None:
    told = {
        head: lines_naming(text) for head, text in sections().items() if head.startswith("cra ")
    }
    assert set(told) - set(every_command()) == set()
    unknown = {
        name: found - options(every_command()[name])
        for name, found in told.items()
        if found - options(every_command()[name])
    }
    assert unknown == {}


def test_what_is_shared_is_shared() -> None:
    """An option is explained once for all only where more than one command has it."""
    for name in lines_naming(sections()[SHARED]):
        having = [command for command in every_command().values() if name in options(command)]
        assert len(having) > 1, name
