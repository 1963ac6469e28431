"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("dashboard", "reports", "kpis", "risks", "data")
LONGEST_FILE = 300


def tracked(*patterns: str) -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def product_modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in tracked("*.py"):
        if path.relative_to(ROOT).parts[0] in FLOORS and "versions" not in path.parts:
            yield path, ast.parse(path.read_text())


def method_calls(tree: ast.Module, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == name
        ):
            yield node


def test_no_product_file_grows_beyond_reading() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path, _ in product_modules()
        if (count := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_changes_go_through_the_door_and_only_actions_open_it() -> None:
    allowed = {"actions.py", "jobs.py"}  # jobs.py is the queue itself
    found = [
        str(path.relative_to(ROOT))
        for path, tree in product_modules()
        for call in method_calls(tree, "change")
        if ast.unparse(call.func).endswith(("workspace.change", "ws.change"))
        and path.name not in allowed
    ]
    assert found == []


def test_only_a_persons_own_desk_is_left_out_of_the_trail() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path, tree in product_modules()
        for _ in method_calls(tree, "leave_unrecorded")
    }
    assert found == {"data/desk/actions.py"}


def test_only_the_database_commits() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path, tree in product_modules()
        for _ in method_calls(tree, "commit")
        if path.name != "database.py"
    ]
    assert found == []


def test_no_drawer_for_everything() -> None:
    names = {"utils", "util", "helpers", "misc", "common_utils"}
    assert [str(p) for p in tracked("*.py") if p.stem in names or p.parent.name in names] == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("address of a package registry", r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian"),
        ("path of a machine", r"(?<![\w.])/(?:work|root|home|farm)/"),
        ("unfinished work", r"\b(?:TODO|FIXME|XXX|HACK)\b"),
    ],
)
def test_nothing_of_this_kind_is_in_the_repository(what: str, pattern: str) -> None:
    this = Path(__file__)
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked("*.py", "*.md", "*.toml", "*.txt", "*.po", "Makefile", ".ci/run")
        if path != this
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(pattern, line)
    ]
    assert found == [], what
