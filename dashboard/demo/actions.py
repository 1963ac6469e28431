"""Fills the demo agency into a house: its people, its objectives, three years of extracts, two of
its risk register.

Every step can be repeated: an installation that was killed goes on where it stopped.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from dashboard.demo import agency, commentary
from dashboard.demo.aims import LABEL, wishes
from dashboard.demo.commentary import DemoDays
from dashboard.demo.entered import fill_entered
from dashboard.demo.extracts.delivery import write_extracts
from dashboard.demo.generator import generate, profile_files
from dashboard.demo.register import play_register
from dashboard.demo.spec import DemoFile, DemoSpec
from dashboard.demo.strategy.strategy import play_strategy
from data.access.actor import SYSTEM, Actor
from data.access.passwords import hash_password
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Invalid
from data.extracts.actions import load_extract
from data.extracts.checked_file import Declared
from data.period import Frequency, Period
from data.signing_in import actor_by_email
from data.store.tables import Agency, Office
from data.workspace import Change, Workspace
from kpis.commentary import read_actions
from kpis.commentary.reading import read_colleagues
from kpis.defining.actions import assign_kpi
from kpis.refreshing import refresh
from kpis.register import read_kpis
from kpis.scorecard import scorecard
from kpis.standing import BEHIND
from kpis.targets import read_targets
from kpis.targets.actions import set_targets

Progress = Callable[[str, float], None]
STEWARD = f"steward@{agency.MAIL_DOMAIN}"
KEPT_PASSWORD = "demo-password"  # noqa: S105  (a file name)
# The parts of the whole that the steps take, for the progress bar.
WRITTEN, GENERATED, LOADED, MEASURED, CORRECTED, PUBLISHED = 0.02, 0.04, 0.22, 0.38, 0.59, 0.9


def silent(_step: str, _done: float) -> None:
    """Progress nobody watches."""


def install_demo(
    workspace: Workspace, *, spec: DemoSpec | None = None, progress: Progress = silent
) -> None:
    """Make a founded, empty house the demo agency; a house with real extracts is refused."""
    wanted = spec or newest_spec(workspace)
    with workspace.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        house = reader.get(Agency, 1)
        if not house.demo:
            raise Invalid("demo.refused.not_a_demo_house")
        settled = reader.find(Office, agency.TRAINING) is not None
    if not settled:
        settle(workspace, wanted)
    files, others = _generate(workspace, wanted, progress)
    corrected = next((n for n, file in enumerate(files) if file.is_correction), len(files))
    # What was published before the correction is what the correction then restates. The other
    # extracts come after it, and all is measured in one go.
    _load(workspace, files[:corrected], progress, GENERATED, LOADED)
    _measure(workspace, progress, LOADED, MEASURED)
    _load(workspace, [*files[corrected:], *others], progress, MEASURED, CORRECTED)
    _measure(workspace, progress, CORRECTED, PUBLISHED)
    fill_entered(workspace, wanted)
    aim(workspace, wanted)
    comment(workspace, days=DemoDays(wanted.last, wanted.today, wanted.zone))
    _play(workspace, wanted, progress)
    _mark_ready(workspace, wanted)
    shutil.rmtree(_files_folder(workspace), ignore_errors=True)


def newest_spec(workspace: Workspace, *, scale: float | None = None) -> DemoSpec:
    """Three years up to the last whole month whose first days after it are over."""
    now = datetime.now(workspace.settings.zone).date()
    last = Period.covering(now, Frequency.MONTH).shift(-1)
    if now.day <= DemoSpec().first_days:
        last = last.shift(-1)
    usual = DemoSpec(last=last, zone=workspace.settings.zone)
    return usual if scale is None else replace(usual, scale=scale)


def is_ready(workspace: Workspace) -> bool:
    """Whether the demo agency was filled in completely."""
    with workspace.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        house = reader.find(Agency, 1)
        return house is not None and house.demo_ready


def password(workspace: Workspace) -> str:
    """The one password of all demo people: this installation's own, kept beside its data."""
    kept = workspace.settings.home / KEPT_PASSWORD
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(f"demo-{secrets.token_hex(5)}\n")
    return kept.read_text().strip()


def settle(workspace: Workspace, spec: DemoSpec) -> None:
    """Units, offices, people with their roles, and objectives: in one change."""
    now, hashed = datetime.now(UTC), hash_password(password(workspace))
    with workspace.change(SYSTEM, Permission.REFERENCE_CHANGE) as change:
        for unit in agency.units()[1:]:
            change.add(unit)
        for office in agency.offices(spec):
            change.add(office)
        change.add(*agency.objectives())
        change.add(*agency.online_services(spec), *agency.standard_minutes())
        for one in agency.people(now):
            _let_in(change, one, hashed, now)
        change.record(AuditTag.DEMO_INSTALLED, noun="demo", noun_id=str(spec.seed), new={"step": 1})
    with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        defined = read_kpis(reader)
    for charge in agency.kpi_charges():
        if charge.kpi_code not in defined:
            continue
        assign_kpi(
            workspace,
            by=SYSTEM,
            code=charge.kpi_code,
            objective_code=charge.objective_code,
            owner_email=charge.owner_email,
        )


def aim(workspace: Workspace, spec: DemoSpec) -> None:
    """Set the targets the demo agency gave itself; those that were set before stay."""
    manager = actor_by_email(workspace, f"manager@{agency.MAIL_DOMAIN}") or SYSTEM
    with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        known = read_kpis(reader)
        standing = read_targets(reader, list(known))
    said = {
        (entry.code, entry.office)
        for code in known
        for entry in standing.entries(code)
        if entry.target and entry.target.source.startswith(LABEL)
    }
    wished = [one for one in wishes(spec) if one.code in known]
    waiting = [one for one in wished if (one.code, one.office) not in said]
    if waiting:
        origin = {"file": "demo"}
        set_targets(workspace, by=manager, wishes=waiting, reason="demo", origin=origin, known=())


def comment(workspace: Workspace, *, days: DemoDays) -> None:
    """Say what happened where KPIs were behind, and give the actions; once, in one change."""
    with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        known = read_kpis(reader)
        people = {one.email: one.id for one in read_colleagues(reader)}
        behind = {
            (row.code, period)
            for period in commentary.periods(days)
            for row in scorecard(reader, period=period).rows
            if row.status.kind in BEHIND
        }
        if read_actions(reader):
            return
    with workspace.change(SYSTEM, Permission.COMMENT_WRITE) as change:
        change.add(*commentary.commentary(days, behind))
        for action, updates in commentary.actions(days, people, known):
            change.add(action)
            for update in updates:
                update.action_id = action.id or 0
            change.add(*updates)
        change.record(AuditTag.DEMO_INSTALLED, noun="demo", noun_id="commentary", new={"step": 2})


def _let_in(change: Change, one: agency.DemoPerson, hashed: str, now: datetime) -> None:
    one.person.password_hash = hashed
    change.add(one.person)
    change.add(*one.grant_rows(one.person.id or 0, SYSTEM.email, now))


def _generate(
    workspace: Workspace, spec: DemoSpec, progress: Progress
) -> tuple[list[DemoFile], list[DemoFile]]:
    """The files of applications and production, and those of all other systems."""
    profiles = workspace.settings.profiles
    profiles.mkdir(parents=True, exist_ok=True)
    for profile in profile_files():
        shutil.copy(profile, profiles / profile.name)

    def step(done: int, of: int) -> None:
        progress("demo.step.generating", WRITTEN * done / of)

    def other_step(done: int, of: int) -> None:
        progress("demo.step.generating", WRITTEN + (GENERATED - WRITTEN) * done / of)

    folder = _files_folder(workspace)
    return generate(spec, folder, step), write_extracts(spec, folder, other_step)


def _measure(workspace: Workspace, progress: Progress, start: float, end: float) -> None:
    def step(done: float) -> None:
        progress("demo.step.measuring", start + (end - start) * done)

    refresh(workspace, by=SYSTEM, progress=step)


def _play(workspace: Workspace, spec: DemoSpec, progress: Progress) -> None:
    """The strategy, and the register after what its indicators are to be read from."""

    def step(done: float) -> None:
        progress("demo.step.playing", PUBLISHED + (1.0 - PUBLISHED) * done)

    if spec.register:
        play_strategy(workspace, spec)
        play_register(workspace, spec, step)


def _load(
    workspace: Workspace, files: list[DemoFile], progress: Progress, start: float, end: float
) -> None:
    steward = _steward(workspace)
    for number, file in enumerate(files):
        load_extract(
            workspace,
            by=steward,
            path=file.path,
            file_name=file.path.name,
            profile_id=file.profile,
            declared=Declared(
                cut_at=file.cut_at,
                coverage_from=file.coverage_from,
                coverage_to=file.coverage_to,
                scope=file.scope,
            ),
            demo=True,
        )
        share = (number + 1) / len(files)
        progress("demo.step.loading", start + (end - start) * share)


def _steward(workspace: Workspace) -> Actor:
    steward = actor_by_email(workspace, STEWARD)
    if steward is None:
        raise Invalid("demo.refused.no_steward", email=STEWARD)
    return steward


def _mark_ready(workspace: Workspace, spec: DemoSpec) -> None:
    with workspace.change(SYSTEM, Permission.REFERENCE_CHANGE) as change:
        house = change.get(Agency, 1)
        house.demo_ready = True
        change.add(house)
        change.record(
            AuditTag.DEMO_INSTALLED,
            house,
            new={"last": spec.last.code, "months": spec.months, "scale": spec.scale},
        )


def _files_folder(workspace: Workspace) -> Path:
    return workspace.settings.home / "demo-files"
