"""From simulated years to what the curve shows, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dashboard.charts.canvas import Heading
from dashboard.charts.loss_curve import Curve, Level, LossCurveView
from dashboard.components.kpi_drawing import marks
from dashboard.components.risks.exposure.known import Known
from dashboard.components.risks.money import euros
from data.language.texts import Texts
from risks.exposure import ExceedancePoint, Tolerance, ToleranceVerdict, compare, spans_above
from risks.exposure.summary import ONE_IN_TEN, Exposure
from risks.exposure.tolerated import tolerated_loss

AMOUNTS = tuple(base * 10.0**power for power in range(2, 11) for base in (1, 3))
# Chances that the axis names, by how high it reaches.
CHANCES = {
    0.5: (0.1, 0.2, 0.4, 0.6, 0.8, 1.0),
    0.2: (0.05, 0.1, 0.2, 0.3, 0.4, 0.5),
    0.0: (0.01, 0.05, 0.1, 0.15, 0.2),
}
BAD = 1 - ONE_IN_TEN


def curve_view(texts: Texts, known: Known) -> LossCurveView:
    """The years now, once treated where that differs, and what is borne where it is stated."""
    exposure, tolerance = known.exposure, known.tolerated.tolerance
    now = _curve(texts, "now", exposure.before.curve)
    after = exposure.after.curve if exposure.after is not exposure.before else None
    title = bad_year(texts, exposure, tolerance)
    return LossCurveView(
        heading=Heading(title, texts.text("exposure.subtitle"), marks(texts)),
        now=now,
        after=_curve(texts, "after", after) if _differs(exposure) and after else None,
        tolerated=_borne(texts, tolerance, now.losses) if tolerance else None,
        level=Level(BAD, texts.text("exposure.one_in_ten")),
        amounts=tuple((amount, euros(texts, amount)) for amount in _amounts(now.losses)),
        shares=tuple((chance, texts.percent(100 * chance, 0)) for chance in _shares(exposure)),
        alt=f"{title}. {verdict(texts, exposure, tolerance)}",
    )


def bad_year(texts: Texts, exposure: Exposure, tolerance: Tolerance | None) -> str:
    """The message: what one year in ten costs more than, and what is borne there."""
    loss = exposure.before.bad_year.value
    if loss == 0:
        chance = texts.percent(100 * exposure.before.chance_of_any, 1)
        return texts.text("exposure.title.rare", chance=chance)
    borne = tolerated_loss(tolerance, BAD) if tolerance else None
    if borne is None:
        return texts.text("exposure.title.alone", loss=euros(texts, loss))
    return texts.text(
        "exposure.title.tolerated", loss=euros(texts, loss), tolerated=euros(texts, borne)
    )


def verdict(texts: Texts, exposure: Exposure, tolerance: Tolerance | None) -> str:
    """Where the years lie above what is borne; '' where nothing is stated."""
    if tolerance is None:
        return ""
    compared = compare(exposure.before.curve, tolerance)
    spans = spans_above(compared)
    if spans:
        said = [f"{euros(texts, one.start)} – {euros(texts, one.end)}" for one in spans]
        return texts.text("exposure.above", losses="; ".join(said))
    is_unclear = any(one.verdict is ToleranceVerdict.UNCLEAR for one in compared)
    return texts.text("exposure.unclear" if is_unclear else "exposure.within")


def _shares(exposure: Exposure) -> tuple[float, ...]:
    highest = max(one.probability for one in exposure.before.curve)
    return next(named for least, named in CHANCES.items() if highest >= least)


def _differs(exposure: Exposure) -> bool:
    return exposure.after.expected != exposure.before.expected


def _curve(texts: Texts, name: str, points: Sequence[ExceedancePoint]) -> Curve:
    return Curve(
        texts.text(f"exposure.curve.{name}"),
        tuple(one.loss for one in points),
        tuple(one.probability for one in points),
        tuple(_hovers(texts, points)),
    )


def _hovers(texts: Texts, points: Sequence[ExceedancePoint]) -> Iterator[str]:
    for one in points:
        low, chance, high = (texts.percent(100 * p) for p in (one.low, one.probability, one.high))
        loss = euros(texts, one.loss)
        yield texts.text("exposure.hover", loss=loss, chance=chance, low=low, high=high)


def _borne(texts: Texts, tolerance: Tolerance, losses: Sequence[float]) -> Curve:
    """What is borne, at the losses of the curve and at those that it names itself."""
    named = {loss for _chance, loss in tolerance.points}
    at = sorted({loss for loss in losses if loss > 0} | named)
    chances = tolerance.at(at).tolist()
    pairs = [(loss, chance) for loss, chance in zip(at, chances, strict=True) if chance == chance]
    name = texts.text("exposure.curve.tolerated")
    hovers = (
        texts.text("exposure.hover_tolerated", loss=euros(texts, x), chance=texts.percent(100 * y))
        for x, y in pairs
    )
    return Curve(name, tuple(x for x, _ in pairs), tuple(y for _, y in pairs), tuple(hovers))


def _amounts(losses: Sequence[float]) -> tuple[float, ...]:
    """Round amounts that the axis names: all powers of ten, and half way where there are few."""
    decades = [amount for amount in AMOUNTS if losses and amount <= max(losses)]
    powers = tuple(amount for amount in decades if str(amount)[0] == "1")
    return powers if len(powers) > 1 else tuple(decades)
