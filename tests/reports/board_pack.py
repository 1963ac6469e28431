"""A board pack of real size: 35 KPIs, 48 offices, 6 services, long texts and hostile strings."""

from __future__ import annotations

import math
import random
from datetime import UTC, date, datetime

from data.figure import Figure, Missing, Unit
from data.language.languages import LocalText
from data.period import Frequency, Period
from kpis.assessment import StatusKind
from kpis.commentary import ActionState, Late
from kpis.direction import Direction
from reports.packs.acting import ActionRow, OverdueRow
from reports.packs.common import Cover, Verdict, message
from reports.packs.management import (
    Assurance,
    BatchRow,
    Decision,
    DefinitionRow,
    DeliveryRow,
    Finding,
    Gap,
    LineageRow,
    ManagementPack,
    Objective,
    OffTrack,
    Restatement,
    ScorecardRow,
    SeriesPoint,
    StatusChange,
    Summary,
    Target,
    Variation,
    YearEnd,
)

NASTY = (
    "=cmd()",
    "+1",
    "@x",
    "-2+3",
    "\t=1+1",
    "<b>bold</b>",
    "http://x.example",
    "a&b",
    "'quoted'",
)
NAMES = (
    ("Koha mesatare e përpunimit të kërkesave për dokumente biometrike",
     "Medijana vremena obrade zahteva za biometrijska dokumenta", "Median turnaround"),
    ("Vendimet dhe gatishmëria brenda afatit ligjor të paraparë me ligj",
     "Odlučeno i spremno u zakonskom roku", "Decided and ready within the legal deadline"),
    ("Rastet e pazgjidhura në fund të periudhës raportuese",
     "Zaostali predmeti na kraju izveštajnog perioda", "Backlog at period end"),
    ("Përqindja e refuzimeve të kërkesave", "Stopa odbijanja zahteva", "Rejection rate"),
    ("Kërkesat e paraqitura elektronikisht përmes portalit e-Kosova",
     "Zahtevi podneti elektronski preko portala e-Kosova", "E-service share"),
)  # fmt: skip
OBJECTIVES = tuple(
    Objective(f"O{number}", LocalText(sq, sr, en))
    for number, (sq, sr, en) in enumerate(
        (
            ("Menaxhimi strategjik, i performancës dhe i rrezikut i bazuar në fakte",
             "Strateško upravljanje, učinak i rizik zasnovani na činjenicama",
             "Strategy, performance and risk managed by facts"),
            ("Kapacitetet e qëndrueshme të teknologjisë së informacionit",
             "Održivi kapaciteti informacione tehnologije", "Sustainable IT capacity"),
            ("Shërbime miqësore për qytetarët në çdo zyrë të gjendjes civile",
             "Usluge po meri građana u svakoj kancelariji", "Client-friendly services"),
            ("Regjistro një herë, përdor shumë herë", "Registruj jednom, koristi više puta",
             "Register once, use many times"),
            ("Regjistrimi i barabartë i të gjitha komuniteteve",
             "Ravnopravna registracija svih zajednica", "Equal registration of all communities"),
        ),
        start=1,
    )
)  # fmt: skip
BEHIND = (StatusKind.BEHIND_IMPROVING, StatusKind.BEHIND_WORSENING)
QUARTER = Period.parse("2025-Q4")
AS_OF = datetime(2026, 1, 12, 8, 30, tzinfo=UTC)
LONG = LocalText(
    "Në tetor u krijua mungesë e librezave të pasaportave; zyra qendrore i rishpërndau rezervat, "
    "por kërkesat e nëntorit u grumbulluan sërish për shkak të festave dhe të mungesës së stafit.",
    "U oktobru je nastala nestašica pasoških knjižica; centrala je preraspodelila zalihe, ali su "
    "se zahtevi iz novembra ponovo nagomilali zbog praznika i manjka osoblja.",
    "In October blank passports ran short; the centre redistributed its stock, but the requests of "
    "November piled up again because of holidays and missing staff.",
)


def named(number: int) -> LocalText:
    sq, sr, en = NAMES[number % len(NAMES)]
    return LocalText(f"{sq} {number}", f"{sr} {number}", f"{en} {number}")


def series(number: int, unit: Unit, decimals: int) -> tuple[SeriesPoint, ...]:
    """Three years of months around a level, with a gap and a run of concern at the end."""
    chance = random.Random(number)  # noqa: S311 - made-up values, the same in every run
    level = {Unit.PERCENT: 90.0, Unit.CASES: 12_000.0}.get(unit, 11.0)
    points = []
    for step, period in enumerate(Period.parse("2023-01").until(Period.parse("2025-12"))):
        drift = 0.03 * level * max(0, step - 28) / 7
        value = level + drift + chance.gauss(0, 0.02 * level)
        figure = Figure(value, unit, decimals)
        if step == 9:
            figure = Figure(None, unit, decimals, Missing.NOT_LOADED)
        finding = Finding.CONCERN if step > 31 else Finding.COMMON
        if number % 3 == 0 and step in (14, 15):
            finding = Finding.IMPROVEMENT
        note = message("reports.finding.concern") if step == 33 else None
        aim = Figure(level * 0.97, unit, decimals)
        spread = 0.055 * level
        points.append(
            SeriesPoint(
                period,
                figure,
                level,
                level - spread,
                level + spread,
                Target(aim, None),
                finding,
                note,
            )
        )
    return tuple(points)


def scorecard_row(number: int) -> ScorecardRow:
    unit = (Unit.WORKING_DAYS, Unit.PERCENT, Unit.CASES, Unit.PERCENT, Unit.PER_10000)[number % 5]
    decimals = 0 if unit is Unit.CASES else 1
    points = series(number, unit, decimals)
    actual, previous = points[-1].value, points[-2].value
    point = points[-1].target
    assert point is not None
    aim = point.low
    assert aim is not None
    target: Target | None = point
    if number % 7 == 3:
        target = Target(Figure(1.0, unit, decimals), Figure(5.0, unit, decimals))
    if number % 11 == 5:
        target = None
    assert actual.value is not None
    assert aim.value is not None
    variance = None if target is None else Figure(actual.value - aim.value, unit, decimals)
    status = StatusKind.NO_TARGET if target is None else list(StatusKind)[number % 4]
    if status is StatusKind.NO_DATA:
        actual = Figure(None, unit, decimals, Missing.NO_DATA)
        variance = Figure(None, unit, decimals, Missing.NO_DATA)
    return ScorecardRow(
        code=f"SD-{number + 1:02}",
        name=named(number),
        objective=OBJECTIVES[number // 7],
        unit=unit,
        direction=list(Direction)[number % 3],
        frequency=Frequency.MONTH,
        period=points[-1].period,
        actual=actual,
        target=target,
        variance=variance,
        status=status,
        variation=list(Variation)[number % len(Variation)],
        assurance=list(Assurance)[number % len(Assurance)],
        previous=previous,
        year_ago=points[-13].value,
        series=points,
        owner="Arbnora Gashi-Berisha" if number % 4 else None,
        comment=LONG if number % 6 == 1 else None,
        partial=number % 8 == 2,
        year_end=year_end(actual) if number % 3 else None,
    )


def year_end(actual: Figure) -> YearEnd | None:
    """What is expected, wide enough to need its room."""
    if actual.value is None:
        return None
    values = (actual.value, actual.value * 0.9, actual.value * 1.1)
    return YearEnd(*(Figure(value, actual.unit, actual.decimals) for value in values))


def delivery() -> tuple[DeliveryRow, ...]:
    services = [
        None,
        *(named(number) for number in range(5)),
        LocalText("Patentë", "Vozačka", "Licence"),
    ]
    offices = [None, *(LocalText(f"Zyra {n:02}", f"Kancelarija {n:02}", f"Office {n:02}")
                       for n in range(1, 49))]  # fmt: skip
    rows = []
    for place, office in enumerate(offices):
        for kind, service in enumerate(services):
            size = (1 if office else 48) * (1 if service else 6) * (40 + 13 * kind + 3 * place)
            open_cases = size * 0.4
            shared = (100 * math.sin(place + kind) ** 2, 8.0 + place % 7, 15.5 + kind)
            overdue: Figure = Figure(shared[0] / 4, Unit.PERCENT, 1)
            if place == 5:
                overdue = Figure(None, Unit.PERCENT, 1, Missing.NO_OPEN_ROWS)
            rows.append(
                DeliveryRow(
                    service,
                    office,
                    Figure(float(size), Unit.CASES),
                    Figure(size * 0.95, Unit.CASES),
                    Figure(open_cases, Unit.CASES),
                    overdue,
                    Figure(shared[1], Unit.WORKING_DAYS, 1),
                    Figure(shared[2], Unit.WORKING_DAYS, 1)
                    if kind != 3 or not office
                    else Figure(None, Unit.WORKING_DAYS, 1, Missing.TOO_FEW),
                    Figure(100 - shared[0] / 6, Unit.PERCENT, 1),
                )
            )
    return tuple(rows)


def batch(number: int) -> BatchRow:
    name = LocalText("Kërkesat", "Zahtevi", "Applications")
    return BatchRow(
        f"b{number:08x}", name, "standard-sq", f"kerkesat-2025-{number + 1:02}.csv", "ab" * 32,
        AS_OF, "ardian.krasniqi@example.org", AS_OF, date(2025, 1, 1), date(2025, 12, 31),
        12_345, 12_280, 11_000, 1_000, 280, 3, 20, 14, 1, 44,
        ((message("reports.head.duplicate"), 40), (message("reports.head.totals"), 4)),
    )  # fmt: skip


def definition(row: ScorecardRow) -> DefinitionRow:
    below = None if row.unit is Unit.CASES else LONG
    rule = LocalText.same("applications.ready_at")
    assumed = row.unit is not Unit.PERCENT
    since = date(2025, 1, 1)
    return DefinitionRow(
        row.code, row.name, 2, since, LONG, LONG, below, LONG, rule, None, assumption=assumed
    )


def lineage(row: ScorecardRow) -> LineageRow:
    batches = tuple(f"b{number:08x}" for number in range(12))
    return LineageRow(row.code, row.name, 2, "cd" * 32, 37, batches, "ef" * 32, AS_OF)


def hostile(row: ScorecardRow, text: str) -> ScorecardRow:
    """The same KPI with a hostile string wherever a person may write."""
    local = LocalText.same(text)
    values = {field: getattr(row, field) for field in row.__dataclass_fields__}
    objective = Objective(row.objective.code, local)
    return ScorecardRow(
        **values | {"name": local, "owner": text, "comment": local} | {"objective": objective}
    )


def action(number: int, code: str) -> ActionRow:
    """An action, the first of them overdue and the second of an office."""
    return ActionRow(
        number, code, QUARTER, named(1) if number == 1 else None, LONG, "Besa Hoxha",
        date(2026, 3, 31), date(2026, 2, 28 - number), ActionState.IN_PROGRESS,
        None if number else Late.ACTION, date(2026, 1, 10),
    )  # fmt: skip


def make_pack(*, kpis: int = 35, demo: bool = True, nasty: bool = False) -> ManagementPack:
    rows = [scorecard_row(number) for number in range(kpis)]
    if nasty:
        rows = [hostile(row, NASTY[i % len(NASTY)]) for i, row in enumerate(rows)]
    behind = [row for row in rows if row.status in BEHIND]
    off_track = [
        OffTrack(row, LONG, LONG, (action(number, row.code),), LONG)
        for number, row in enumerate(behind[:3])
    ]
    off_track += [OffTrack(row) for row in behind[3:6]]
    decisions = (Decision(LONG, ("SD-01", "SD-02")), Decision(message("reports.all")))
    met = StatusKind.MET
    changes = tuple(StatusChange(one.code, one.name, met, one.status) for one in behind[:4])
    agency = LocalText("Agjencia e Regjistrimit Civil", "Agencija za civilnu registraciju",
                       "Civil Registration Agency")  # fmt: skip
    return ManagementPack(
        cover=Cover(
            agency, QUARTER, AS_OF, 37, "S-2026-0007", "0123456789abcdef" * 4, "Arta Rexhepi", None,
            Verdict.GAPS, (LONG,), demo=demo,
        ),
        summary=Summary(
            LONG, changes, tuple(one.code for one in behind[3:6]), decisions,
            (OverdueRow(Late.ACTION, behind[0].code, date(2026, 1, 2), "Besa Hoxha", LONG),
             OverdueRow(Late.COMMENTARY, behind[3].code, date(2026, 1, 5))),
        ),
        scorecard=tuple(rows),
        off_track=tuple(off_track),
        delivery=delivery(),
        batches=tuple(batch(number) for number in range(12)),
        gaps=(Gap(named(1), Period.parse("2025-11"), LONG, ("SD-01",)),),
        restatements=tuple(
            Restatement(row.code, row.name, row.period, row.previous, row.year_ago, AS_OF, LONG)
            for row in behind[:2]
        ),
        definitions=tuple(definition(row) for row in rows),
        lineage=tuple(lineage(row) for row in rows),
        notes=(LONG,),
        actions=tuple(action(number, row.code) for number, row in enumerate(behind[:3])),
    )  # fmt: skip
