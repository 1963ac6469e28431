"""What happens to an application once it is handed in: the agency's work and the stories."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from dashboard.demo import agency
from dashboard.demo.clock import DAY, NEVER, Ints, WorkClock, moment
from dashboard.demo.demand import ONLINE, SPEEDS, Trait
from dashboard.demo.spec import DemoSpec
from dashboard.demo.story import (
    FALLING_BEHIND_BEND,
    FALLING_BEHIND_DELAY,
    ONLINE_SERVICE,
    SHORTAGE_CAPACITY,
    SHORTAGE_SERVICE,
    blank_shortage,
    falling_behind,
    recovered,
)
from dashboard.demo.streams import Streams, choose
from data.store import reference
from data.store.tables import ServiceRule

DECISIONS = ("approved", "rejected", "withdrawn")
APPROVED, REJECTED, WITHDRAWN = range(3)
NORMAL = SPEEDS.index("normal")

# Assumptions, shares between 0 and 1 and working days
OFFICE_SPREAD = 0.09  # offices differ: lognormal spread of speed and of care
SPREAD = {"decision": 0.55, "making": 0.30, "applicant": 0.8}
RETURNED_ONLINE = 0.15  # of the share at the counter: the form checks itself
TWICE = 0.12  # of those sent back, who are sent back again
APPLICANT_DAYS = 3.0  # median until the missing paper comes
FORGOTTEN, FORGOTTEN_DAYS = 0.0005, (40, 120)
SEASON_LOAD = 0.30  # how much of the season's surplus shows in the time it takes
FAIL, FAIL_IN_SHORTAGE = 0.008, 0.045  # spoiled prints; worse on replacement blanks
REPRINT_DAYS = 2
FETCHED_DAYS = 3.0  # mean until a ready document is fetched
HALF_YEAR = 182 * DAY
LESS_AT_COUNTER = 0.25  # how much of an office's delay reaches what is done while people wait


@dataclass(frozen=True)
class Timeline:
    """The agency at work. Fills in every later event of freshly submitted cases."""

    spec: DemoSpec
    clock: WorkClock

    def handle(self, cases: Any, trait: Trait, streams: Streams) -> None:
        self._return_incomplete(cases, trait, streams)
        self._set_due(cases, trait, streams)
        self._decide(cases, trait, streams)
        self._make(cases, trait, streams)
        self._hand_over(cases, trait, streams)

    def _return_incomplete(self, cases: Any, trait: Trait, streams: Streams) -> None:
        """Some files lack a paper: they go back and are complete when the applicant brings it."""
        rng, count = streams.of("returned"), len(cases)
        chance = trait.returned * self._care[cases["office"]]
        if trait.code == ONLINE_SERVICE:
            chance = np.where(cases["channel"] == ONLINE, chance * RETURNED_ONLINE, chance)
        back = rng.random(count) < chance
        cases["returns"] = back * (1 + (rng.random(count) < TWICE))
        sent_back = self.clock.move(cases["submitted"], rng.integers(0, 3, count), rng)
        applicant = _lognormal(rng, APPLICANT_DAYS, SPREAD["applicant"], count)
        complete = self.clock.move(sent_back, 1 + applicant, rng)
        cases["returned"] = np.where(back, sent_back, NEVER)
        cases["complete"] = np.where(back, complete, cases["submitted"])

    def _set_due(self, cases: Any, trait: Trait, streams: Streams) -> None:
        """The rule of the service, moved by recorded suspensions."""
        rng, count = streams.of("suspended"), len(cases)
        suspended = rng.random(count) < trait.suspended * (cases["speed"] == NORMAL)
        cases["suspended"] = np.where(suspended, rng.integers(3, 31, count), 0)
        received = cases["submitted"] // DAY
        for position, speed in enumerate(SPEEDS):
            chosen = cases["speed"] == position
            rule = self._rules.get((trait.code, speed), self._rules[trait.code, "normal"])
            steps = np.full(int(chosen.sum()), rule.deadline_days)
            working = self.clock.after(received[chosen], steps)
            in_days = received[chosen] + steps
            cases["first_due"][chosen] = working if rule.day_basis == "working" else in_days
        moved = self.clock.after(cases["first_due"].astype(np.int64), cases["suspended"])
        cases["due"] = np.where(cases["suspended"] > 0, moved, cases["first_due"])

    def _decide(self, cases: Any, trait: Trait, streams: Streams) -> None:
        count, rng = len(cases), streams.of("decision")
        refused = trait.rejected * self._care[cases["office"]]
        shares = np.stack([refused, np.full(count, trait.withdrawn)])
        drawn = rng.random(count)
        cases["decision"] = np.select(
            [drawn < shares[0], drawn < shares.sum(axis=0)], [REJECTED, WITHDRAWN], APPROVED
        )
        reasons = choose(streams.of("reason"), np.array(list(trait.reasons.values())), count)
        cases["reason"] = np.where(cases["decision"] == REJECTED, reasons, -1)
        steps = self._decision_days(cases, trait, streams)
        decided = self.clock.move(cases["complete"], steps + cases["suspended"], rng)
        cases["decided"] = self._held_up(cases, trait, decided, streams)
        self._withdraw(cases, streams)

    def _decision_days(self, cases: Any, trait: Trait, streams: Streams) -> Ints:
        rng, count = streams.of("decision.days"), len(cases)
        month = int(cases["month"][0]) % 12
        season = trait.months[month] * 12 / sum(trait.months)
        pace = self._pace[cases["office"]] * (1 + SEASON_LOAD * (season - 1))
        days = np.floor(
            rng.lognormal(np.log(trait.decision_days), SPREAD["decision"], count) * pace
        )
        days = np.where(cases["speed"] == NORMAL, days, np.minimum(days, 1))
        forgotten = streams.of("forgotten").random(count) < FORGOTTEN
        return np.where(forgotten, rng.integers(*FORGOTTEN_DAYS, count), days).astype(np.int64)

    def _held_up(self, cases: Any, trait: Trait, decided: Ints, streams: Streams) -> Ints:
        """The story of the office that decides fewer cases than it receives."""
        story = falling_behind(self.spec)
        queue = decided - moment(story.start)
        mine = (cases["office"] == self.office_codes.index(str(story.office))) & (queue > 0)
        luck = streams.of("held up").uniform(0.3, 1.7, len(cases))
        delay = FALLING_BEHIND_DELAY * DAY * (1.0 if trait.produced else LESS_AT_COUNTER)
        waiting = delay * (np.maximum(queue, 0) / HALF_YEAR) ** FALLING_BEHIND_BEND * luck
        late = self.clock.in_office_hours(decided + waiting.astype(np.int64))
        return np.where(mine, late, decided)

    def _withdraw(self, cases: Any, streams: Streams) -> None:
        """Who withdraws does so within days, complete or not."""
        rng = streams.of("withdrawn")
        gone = self.clock.move(cases["submitted"], rng.integers(0, 6, len(cases)), rng)
        withdrawn = cases["decision"] == WITHDRAWN
        cases["decided"] = np.where(withdrawn, gone, cases["decided"])
        for event in ("returned", "complete"):
            lapsed = withdrawn & (cases[event] > gone)
            cases[event] = np.where(lapsed, NEVER, cases[event])
        cases["returns"] = np.where(cases["returned"] < NEVER, cases["returns"], 0)
        cases["suspended"] = np.where(withdrawn, 0, cases["suspended"])
        cases["due"] = np.where(withdrawn, cases["first_due"], cases["due"])

    def _make(self, cases: Any, trait: Trait, streams: Streams) -> None:
        """From approval to the document lying ready."""
        rng, count = streams.of("making"), len(cases)
        days = np.zeros(count, dtype=np.int64)
        if trait.making_days:
            days = _lognormal(rng, trait.making_days, SPREAD["making"], count)
            days = np.where(cases["speed"] == NORMAL, days, 1)
        if trait.produced:
            cases["fails"] = self._spoiled(cases, trait, streams)
            days = np.maximum(days, 1) + REPRINT_DAYS * cases["fails"]
        ready = self.clock.move(cases["decided"], days, rng)
        if trait.code == SHORTAGE_SERVICE:
            ready = np.where(cases["speed"] == NORMAL, self._without_blanks(ready), ready)
        cases["ready"] = np.where(cases["decision"] == APPROVED, ready, NEVER)

    def _spoiled(self, cases: Any, trait: Trait, streams: Streams) -> Ints:
        """How many prints of a document fail before one passes: none, one or two."""
        story = blank_shortage(self.spec)
        since, until = moment(story.start), moment(recovered(story))
        poor = (cases["decided"] >= since) & (cases["decided"] < until)
        chance = np.where(poor & (trait.code == SHORTAGE_SERVICE), FAIL_IN_SHORTAGE, FAIL)
        drawn = streams.of("spoiled").random((2, len(cases))) < chance
        return np.asarray(drawn[0].astype(np.int64) + (drawn[0] & drawn[1]))

    def _without_blanks(self, ready: Ints) -> Ints:
        """The story of the shortage: first come, first served, by what the presses can make.

        Within the shortage few are made; afterwards more than are approved, until none waits.
        """
        story = blank_shortage(self.spec)
        start, caught_up = moment(story.start), moment(recovered(story))
        end = moment(story.end or story.start)
        made = start + (end - start) * SHORTAGE_CAPACITY
        delayed = np.interp(ready, [start, made, caught_up], [start, end, caught_up])
        inside = (ready > start) & (ready < caught_up)
        return np.where(inside, self.clock.in_office_hours(delayed.astype(np.int64)), ready)

    def _hand_over(self, cases: Any, trait: Trait, streams: Streams) -> None:
        """Documents wait to be fetched; what is made while people wait is handed over at once."""
        rng, count = streams.of("issued"), len(cases)
        ready = np.where(cases["ready"] < NEVER, cases["ready"], cases["submitted"])
        if trait.produced:
            later = 1 + np.floor(rng.exponential(FETCHED_DAYS, count)).astype(np.int64)
            issued = self.clock.move(ready, later, rng)
        else:
            issued = ready + rng.integers(60, 900, count)
        fetched = (cases["ready"] < NEVER) & (rng.random(count) < trait.collected)
        cases["issued"] = np.where(fetched, issued, NEVER)

    @cached_property
    def office_codes(self) -> list[str]:
        return [office.code for office in agency.offices(self.spec)]

    @cached_property
    def _rules(self) -> dict[tuple[str, str], ServiceRule]:
        return {(rule.service_code, rule.speed): rule for rule in reference.service_rules()}

    @cached_property
    def _care(self) -> np.ndarray:
        return self._office_trait("care")

    @cached_property
    def _pace(self) -> np.ndarray:
        return self._office_trait("pace")

    def _office_trait(self, name: str) -> np.ndarray:
        """A factor around 1 for each office, the same in every month."""
        rng = Streams(self.spec.seed).of(f"office.{name}")
        return rng.lognormal(0, OFFICE_SPREAD, len(self.office_codes))


def _lognormal(rng: np.random.Generator, median: float, spread: float, count: int) -> Ints:
    return np.floor(rng.lognormal(np.log(median), spread, count)).astype(np.int64)
