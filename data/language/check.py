"""Are the catalogues complete, alike in all languages, and in step with the code?

Run as `python -m data.language.check`: faults end with exit code 1, unused keys are only named.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from data.language.compile import read_catalogue
from data.language.languages import Language
from data.language.texts import CATALOGUES, snake_case

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("dashboard", "reports", "kpis", "risks", "data")
FORMS = ("one", "few", "other")
REFUSALS = frozenset(
    {"Refusal", "PermissionDenied", "NotFound", "Conflict", "ExtractRejected", "Invalid"}
)
TAKES_VALUES = REFUSALS | {"text", "counted", "message"}  # each value by its name
TAKES_KEY = TAKES_VALUES | {"Note", "Message"}  # these may take their values as one mapping
NO_TEXT = frozenset({"foreign_key", "primary_key"})
KEY = re.compile(r"[a-z][a-z0-9_]*(?:\.[A-Za-z0-9_]+)+")

Domains = dict[str, dict[str, str]]  # domain -> key -> text


@dataclass(frozen=True, slots=True)
class Use:
    """One place in the code that names a key; `given` is None where the values are not literal."""

    key: str
    place: str
    given: frozenset[str] | None


def read_domains(language: Language, folder: Path = CATALOGUES) -> Domains:
    """Every .po of a language."""
    files = sorted((folder / language.value / "LC_MESSAGES").glob("*.po"))
    return {file.stem: texts_in(file) for file in files}


def texts_in(file: Path) -> dict[str, str]:
    """The texts of one .po by key."""
    return {str(entry.id): str(entry.string) for entry in read_catalogue(file) if entry.id}


def all_texts(language: Language) -> dict[str, str]:
    """The texts of all domains by key."""
    return {key: text for texts in read_domains(language).values() for key, text in texts.items()}


def catalogue_faults(folder: Path = CATALOGUES) -> Iterator[str]:
    """What differs between the languages, what is empty, and what two domains both claim."""
    spoken = {language: read_domains(language, folder) for language in Language}
    everything = {pair for domains in spoken.values() for pair in _pairs(domains)}
    yield from _claimed_twice(everything)
    for domain, key in sorted(everything):
        found = {one: spoken[one].get(domain, {}).get(key, "") for one in Language}
        yield from _text_faults(f"{domain}: {key}", found)


def _pairs(domains: Domains) -> Iterator[tuple[str, str]]:
    yield from ((domain, key) for domain, texts in domains.items() for key in texts)


def _claimed_twice(everything: Iterable[tuple[str, str]]) -> Iterator[str]:
    owners: dict[str, list[str]] = {}
    for domain, key in sorted(everything):
        owners.setdefault(key, []).append(domain)
    yield from (f"{key} stands in {', '.join(d)}" for key, d in owners.items() if len(d) > 1)


def _text_faults(name: str, found: dict[Language, str]) -> Iterator[str]:
    for language, text in found.items():
        if not text.strip():
            yield f"{name} has no text in {language}"
    names = {language: placeholders(text) for language, text in found.items() if text.strip()}
    if len(set(names.values())) > 1:
        shown = "; ".join(f"{one}: {', '.join(sorted(n)) or '-'}" for one, n in names.items())
        yield f"{name} has different placeholders ({shown})"
    for language, fields in names.items():
        if any(not field.isidentifier() for field in fields):
            yield f"{name} may only hold plain {{names}} in {language}"


def placeholders(text: str) -> frozenset[str]:
    """The names in braces; an unreadable text gives one that is no name."""
    try:
        fields = [part[1:] for part in Formatter().parse(text) if part[1] is not None]
    except ValueError:
        return frozenset({"{"})
    return frozenset("{" if rule or turn else str(name) for name, rule, turn in fields)


def sources(root: Path = ROOT) -> list[Path]:
    """The code of the product, without its tests."""
    files = [file for room in ROOMS for file in sorted((root / room).rglob("*.py"))]
    return [*sorted(root.glob("*.py")), *files]


def uses_in(file: Path, root: Path = ROOT) -> Iterator[Use]:
    """The keys a file names where a key is taken."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        place = f"{file.relative_to(root)}:{node.lineno}"
        yield from (Use(key, place, given) for key, given in _keys_of(node))


def _keys_of(call: ast.Call) -> Iterator[tuple[str, frozenset[str] | None]]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    for word in call.keywords:
        if _names_key(word.arg or "", name):
            yield from ((key, None) for key in _literals(word.value))
    if name not in TAKES_KEY or not call.args:
        return
    open_ended = any(word.arg is None for word in call.keywords) or name not in TAKES_VALUES
    given = None if open_ended else frozenset(word.arg or "" for word in call.keywords)
    for key in _literals(call.args[0]):
        if name == "counted":
            yield from ((f"{key}.{form}", None) for form in FORMS)
        else:
            yield key, given


def _names_key(argument: str, function: str) -> bool:
    """`title_key=` anywhere, `key=` only where texts are meant: widgets have keys too."""
    if argument == "key":
        return function in TAKES_KEY
    return argument.endswith("_key") and argument not in NO_TEXT


def _literals(node: ast.expr) -> Iterator[str]:
    """A literal key, or both arms of a choice between two."""
    if isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)
    elif isinstance(node, ast.Constant) and KEY.fullmatch(str(node.value)):
        yield str(node.value)


def code_faults(texts: dict[str, str], uses: Iterable[Use]) -> Iterator[str]:
    """Keys the code names that no catalogue holds, and placeholders it leaves empty."""
    for use in uses:
        if use.key not in texts:
            yield f"{use.place}: no text for {use.key}"
        elif use.given is not None and (gaps := placeholders(texts[use.key]) - use.given):
            yield f"{use.place}: {use.key} lacks {', '.join(sorted(gaps))}"


def unused_keys(texts: Iterable[str], root: Path = ROOT) -> list[str]:
    """Keys that stand nowhere in the code, neither whole nor as the beginning of a made-up one."""
    whole, beginnings = _strings(sources(root))
    return sorted(
        key
        for key in texts
        if key not in whole
        and key.rpartition(".")[0] not in whole
        and not any(key.startswith(beginning) for beginning in beginnings)
    )


def _strings(files: Iterable[Path]) -> tuple[set[str], set[str]]:
    whole: set[str] = set()
    beginnings: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                beginnings.add(str(node.values[0].value))
            elif isinstance(node, ast.ClassDef):
                beginnings.add(f"{snake_case(node.name)}.")  # looked up as 'class_name.member'
    beginnings = {beginning for beginning in beginnings if "." in beginning}
    return whole, beginnings


def main() -> int:
    """Print every fault and every unused key; 1 when there is a fault."""
    texts = all_texts(Language.EN)
    uses = [use for file in sources() for use in uses_in(file)]
    faults = [*catalogue_faults(), *code_faults(texts, uses)]
    unused = [f"unused: {key}" for key in unused_keys(texts)]
    verdict = f"{len(texts)} texts in {len(Language)} languages, {len(faults)} faults"
    sys.stdout.write("\n".join([*faults, *unused, verdict]) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
