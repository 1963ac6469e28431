"""The engine: counts, sums and histograms of any query, as of any event, never a ratio.

    engine = Engine(BatchStore(settings.extracts), shapes)
    engine.cells(query, reference, history.as_of(17), frequency=Frequency.MONTH)

Results are Arrow tables. Days `first` and `last` are both included; cells lie in whole segments, so
give the first and last day of periods. `where` maps a dimension to its member or to several. What
contributions lack is made when something is read. Offices are those of the reference data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa

from data.metrics import periods, stocks
from data.metrics.asking import Among, Asked, Where
from data.metrics.cells import cells_sql, merged_sql
from data.metrics.compilation import Measure, compile_query
from data.metrics.contributions import Contributions, winners
from data.metrics.drill import check_columns, rows_sql
from data.metrics.history import History, Shape
from data.metrics.network import told, told_on, told_sql
from data.metrics.query import Form, Query
from data.metrics.reference import Reference
from data.metrics.runner import DuckDBRunner, Runner
from data.metrics.slices import slices_of
from data.metrics.windows import Window
from data.period import Frequency
from data.store.batches import BatchStore


class Engine:
    """Measures queries over the batches of one store. Nothing in it changes: share it freely."""

    def __init__(
        self,
        store: BatchStore,
        shapes: Mapping[str, Shape],
        *,
        memory_limit: str = "1GB",
        threads: int = 2,
        temp: Path | None = None,
        runner: Runner | None = None,
    ) -> None:
        """`runner` (another engine than DuckDB) replaces the limits given beside it."""
        self.store, self.shapes = store, shapes
        self.runner: Runner = runner or DuckDBRunner(store.root, memory_limit, threads, temp)
        self.contributions = Contributions(store, self.runner)

    def check(self, query: Query) -> None:
        """Refuse (Invalid "formulas....") what cannot be measured."""
        compile_query(query, self.shapes)

    def refresh(self, query: Query, history: History, reference: Reference) -> int:
        """Make the contributions of every event that lacks them; how many were made."""
        return self.contributions.make_missing([self._compiled(query)], reference, history)

    def refresh_all(self, queries: Sequence[Query], history: History, reference: Reference) -> int:
        """The same for queries of one contract, without joins if several, sharing what can be."""
        measures = [self._compiled(query) for query in queries]
        return self.contributions.make_missing(measures, reference, history)

    def forget(self, query: Query, reference: Reference) -> None:
        """Remove all contributions of a query, so that the next refresh makes them anew."""
        self.contributions.forget(query, reference)

    def rebuild(self, query: Query, history: History, reference: Reference) -> pa.Table:
        """All cells, counted afresh from the rows that count as of the end of the history."""
        measure = told(self._compiled(query), reference.successors)
        current = self.contributions.current(measure, history)
        return self._table(reference, cells_sql(measure, [(1, current)]))

    def contributed(self, query: Query, history: History, reference: Reference) -> pa.Table:
        """All cells, as the sum of the contributions: the same as `rebuild` gives."""
        measure = self._compiled(query)
        found = merged_sql(measure, self._source(measure, reference, history))
        return self._table(reference, found)

    def cells(
        self,
        query: Query,
        reference: Reference,
        as_of: History,
        *,
        frequency: Frequency,
        group_by: Sequence[str] = (),
        first: date | None = None,
        last: date | None = None,
        where: Where | None = None,
        cut_off: date | None = None,
    ) -> pa.Table:
        """RATIO, COHORT: period_start, each of `group_by`, n, numerator, denominator.

        Only periods and members with rows. Of a COHORT only members due by `cut_off` count.
        """
        asked = self._asked(query, (Form.RATIO, Form.COHORT), group_by, where, first, last, cut_off)
        source = self._source(asked.measure, reference, as_of)
        with self.runner.session() as session:
            session.keep("segments", periods.segment_sql(asked, source, group_by))
            found = periods.ratio_sql(asked, "segments", group_by, frequency)
            return session.table(f"SELECT * FROM ({found}) AS found ORDER BY ALL")

    def histogram(
        self,
        query: Query,
        reference: Reference,
        as_of: History,
        *,
        frequency: Frequency,
        group_by: Sequence[str] = (),
        first: date | None = None,
        last: date | None = None,
        where: Where | None = None,
    ) -> pa.Table:
        """HISTOGRAM: period_start, each of `group_by`, value, n."""
        asked = self._asked(query, (Form.HISTOGRAM,), group_by, where, first, last, None)
        source = self._source(asked.measure, reference, as_of)
        with self.runner.session() as session:
            session.keep("segments", periods.segment_sql(asked, source, group_by))
            found = periods.histogram_sql("segments", group_by, frequency)
            return session.table(f"SELECT * FROM ({found}) AS found ORDER BY ALL")

    def stock(
        self,
        query: Query,
        reference: Reference,
        as_of: History,
        *,
        ends: Sequence[date],
        group_by: Sequence[str] = (),
        where: Where | None = None,
        cut_off: date | None = None,
    ) -> pa.Table:
        """STOCK at the end of each day: day, each of `group_by`, n, overdue, up_to_15, up_to_30,
        up_to_60, over_60, age_median, age_p90 (decimal), age_maximum; ages in working days.

        Every member has a row at every end since its first case; 0 is a true 0.
        """
        asked = self._asked(query, (Form.STOCK,), group_by, where, None, None, cut_off)
        sql = stocks.stock_sql("cases", group_by)
        found = f"SELECT * EXCLUDE (frequency, period_start) FROM ({sql}) AS found ORDER BY ALL"
        return self._stock(asked, reference, as_of, ends, group_by, found)

    def ages(
        self,
        query: Query,
        reference: Reference,
        as_of: History,
        *,
        ends: Sequence[date],
        group_by: Sequence[str] = (),
        where: Where | None = None,
        cut_off: date | None = None,
    ) -> pa.Table:
        """STOCK at the end of each day, by age: day, each of `group_by`, age (working days), n."""
        asked = self._asked(query, (Form.STOCK,), group_by, where, None, None, cut_off)
        found = stocks.ages_sql("cases", group_by)
        return self._stock(asked, reference, as_of, ends, group_by, found)

    def exclusions(
        self,
        query: Query,
        reference: Reference,
        as_of: History,
        *,
        frequency: Frequency,
        first: date | None = None,
        last: date | None = None,
        where: Where | None = None,
        cut_off: date | None = None,
    ) -> pa.Table:
        """Rows left out: period_start, reason, n.

        Without `first` and `last` rows that have no day come too, under period_start NULL. Of a
        STOCK it is the rows that would be in stock at each period's end; it needs both days.
        """
        asked = self._asked(query, tuple(Form), (), where, first, last, cut_off)
        source = self._source(asked.measure, reference, as_of)
        if query.form is not Form.STOCK:
            return self._table(reference, periods.exclusions_sql(asked, source, frequency))
        if first is None or last is None:
            raise ValueError("what is left out of a stock is asked for from one day to another")
        with self.runner.session() as session:
            ends = stocks.ends_table(stocks.ends_of([frequency], first, last), cut_off)
            session.register(reference.tables() | {stocks.ENDS: ends})
            session.keep("cases", stocks.cases_sql(asked, source, ["_reason"], excluded=True))
            return session.table(stocks.excluded_sql("cases"))

    def rows(
        self,
        query: Query,
        reference: Reference,
        as_of: History,
        *,
        first: date | None = None,
        last: date | None = None,
        where: Where | None = None,
        cut_off: date | None = None,
        among: Among | None = None,
        columns: Sequence[str] = (),
        limit: int = 100,
        offset: int = 0,
    ) -> pa.Table:
        """Exactly the rows counted (`among` some cells), by day and key: the key, `columns`, then
        day, numerator, denominator | day, value | opened, due, closed, overdue, age.

        A member only the numerator carries limits it alone. A STOCK is that at the end of `last`.
        """
        asked = self._asked(query, tuple(Form), (), where, first, last, cut_off)
        asked = told_on(asked, reference.successors, among)
        check_columns(asked, columns)
        relations = self._rows_of(asked.measure, as_of, columns)
        found = rows_sql(asked, relations, columns, limit=limit, offset=offset)
        return self._table(reference, found)

    def slices(
        self,
        query: Query,
        reference: Reference,
        as_of: History,
        *,
        frequencies: Sequence[Frequency],
        groupings: Sequence[Sequence[str]],
        first: date | None = None,
        last: date | None = None,
        where: Where | None = None,
        cut_off: date | None = None,
        window: Window | None = None,
    ) -> pa.Table:
        """Many breakdowns (of up to two dimensions each), one row a period and slice:
        frequency, period_start, dimension, member, dimension2, member2 ("" where there is none), n,
        and numerator, denominator | median, p90 (decimal) | overdue, age_median, age_p90 (decimal),
        age_maximum, up_to_15, up_to_30, up_to_60, over_60. The same numbers as the other verbs
        give. A STOCK has an end in every period from `first` (else its first case) to `last` (else
        the cut-off, else the last day anything happened). A `window` is asked of sums only. A
        weighted LATEST has a row for every `stratum`, with its `weight`.
        """
        every = [name for grouping in groupings for name in grouping]
        asked = self._asked(query, tuple(Form), every, where, first, last, cut_off)
        source = self._source(asked.measure, reference, as_of)
        with self.runner.session() as session:
            session.register(reference.tables())
            return slices_of(session, asked, source, frequencies, groupings, window)

    def _compiled(self, query: Query) -> Measure:
        return compile_query(query, self.shapes)

    def _asked(
        self,
        query: Query,
        forms: Sequence[Form],
        group_by: Sequence[str],
        where: Where | None,
        first: date | None,
        last: date | None,
        cut_off: date | None,
    ) -> Asked:
        if query.form not in forms:
            raise ValueError(f"a {query.form} is not asked for in this way")
        asked = Asked(self._compiled(query), where, first, last, cut_off)
        asked.check(group_by)
        return asked

    def _source(self, measure: Measure, reference: Reference, as_of: History) -> str:
        self.contributions.make_missing([measure], reference, as_of)
        kept = self.contributions.relation(measure, reference, as_of)
        return told_sql(measure, reference.successors, kept)

    def _rows_of(self, measure: Measure, as_of: History, columns: Sequence[str]) -> dict[str, str]:
        """Contract -> the rows that count, those of the root with more columns."""
        root = measure.query.contract
        wanted = (*dict.fromkeys([*measure.columns[root], *columns]),)
        found = winners(self.store, self.shapes[root], as_of.live(root), wanted)
        return {**self.contributions.current(measure, as_of), root: found}

    def _stock(
        self,
        asked: Asked,
        reference: Reference,
        as_of: History,
        ends: Sequence[date],
        group_by: Sequence[str],
        found: str,
    ) -> pa.Table:
        source = self._source(asked.measure, reference, as_of)
        with self.runner.session() as session:
            days = [("", day, day) for day in sorted(set(ends))]
            known = {stocks.ENDS: stocks.ends_table(days, asked.cut_off)}
            session.register(reference.tables() | known)
            session.keep("cases", stocks.cases_sql(asked, source, group_by))
            return session.table(found)

    def _table(self, reference: Reference, select: str) -> pa.Table:
        with self.runner.session() as session:
            session.register(reference.tables())
            return session.table(select)
