"""What KPIs mean and what their figures were made of, for the last sheets of a pack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from data.language.languages import LocalText
from data.workspace import Reader
from kpis.definitions import Words
from kpis.lineage import FormulaLine, formula_lines
from kpis.register import Kpi
from kpis.scorecard import Scorecard
from kpis.sources import read_history
from reports.packs.management import DefinitionRow, LineageRow


def words(text: Words) -> LocalText:
    return LocalText(text.sq, text.sr, text.en)


def definition_rows(kpis: Mapping[str, Kpi], card: Scorecard) -> Iterable[DefinitionRow]:
    """The definition of each KPI, in words and in the formulas it is computed by."""
    targets = {row.code: row.target for row in card.rows}
    for code, kpi in kpis.items():
        definition, target = kpi.definition, targets.get(code)
        headline = definition.formula.headline
        lines = list(formula_lines(definition.formula.query_of(headline)))
        yield DefinitionRow(
            code=code,
            name=words(definition.names),
            version=definition.version,
            valid_from=definition.valid_from,
            formula=words(definition.explanation),
            numerator=_formulas(lines, "numerator", "value", "opened"),
            denominator=_formulas(lines, "denominator") or None,
            inclusion=_formulas(lines, "inclusion") or LocalText.same("-"),
            period_rule=_formulas(lines, "day", "closed"),
            target_source=LocalText.same(target.source) if target else None,
            assumption=target is not None and target.assumption,
        )


def _formulas(lines: Iterable[FormulaLine], *roles: str) -> LocalText:
    return LocalText.same("; ".join(line.text for line in lines if line.role in roles))


def lineage_rows(reader: Reader, kpis: Mapping[str, Kpi]) -> Iterable[LineageRow]:
    """From which events, batches and versions what is published was made."""
    history = read_history(reader)
    for code, kpi in kpis.items():
        published = kpi.published
        if published is None:
            continue
        known = history.as_of(published.event_number)
        yield LineageRow(
            code=code,
            name=words(kpi.definition.names),
            definition_version=kpi.definition.version,
            definition_hash=kpi.definition.content_hash,
            event_number=published.event_number,
            batches=tuple(
                batch.id
                for contract in sorted(kpi.definition.formula.contracts)
                for batch in known.live(contract)
            ),
            reference_version=published.reference_version,
            published_at=published.published_at,
        )
