"""What one file names exists in another, and comes after what it follows from."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.demo import agency
from data.store import reference

from .conftest import CONTRACTS, Sent


def joined(rows: pd.DataFrame, applications: pd.DataFrame) -> pd.DataFrame:
    """Each row beside its application; the test fails where there is none."""
    assert set(rows.application_id) <= set(applications.index)
    return beside(rows, applications, "application_id", "_of_application")


def beside(rows: pd.DataFrame, others: pd.DataFrame, key: str, suffix: str) -> pd.DataFrame:
    """Each row with the columns of the one it names, if there is one."""
    return rows.merge(others, how="left", left_on=key, right_index=True, suffixes=("", suffix))


def test_codes_are_those_of_the_contract_and_of_the_agency(sent: Sent) -> None:
    allowed = {
        "office": {office.code for office in agency.offices(sent.spec)},
        "municipality": {row.code for row in reference.municipalities()},
        "service": {row.code for row in reference.services()},
    }
    for contract in {file.contract for file in sent.files}:
        rows = sent.now(contract)
        for column in CONTRACTS[contract].columns:
            known = allowed.get(column.reference or "", set(column.codes or ()))
            if known:
                assert set(rows[column.name].dropna()) <= known, (contract, column.name)
            if column.required:
                assert rows[column.name].notna().all(), (contract, column.name)
        for earlier, later in CONTRACTS[contract].orders:
            both = rows[[earlier, later]].dropna()
            assert (both[earlier] <= both[later]).all(), (contract, earlier, later)


def test_payments_are_made_after_the_application(
    sent: Sent, known_applications: pd.DataFrame
) -> None:
    rows = joined(sent.now("payments"), known_applications)
    assert (rows.paid_at > rows.submitted_at).all()
    first = rows[rows.refund_of.isna()]
    assert ((first.paid_at - first.submitted_at).dt.days < 15).all()
    assert (first.amount_eur > 0).all()
    online = rows[rows.method.isin(["online", "mobile"])]
    assert set(online.channel) == {"online"}


def test_refunds_belong_to_a_refunded_payment_of_the_same_application(sent: Sent) -> None:
    rows = sent.now("payments")
    back = rows[rows.refund_of.notna()].merge(
        rows, left_on="refund_of", right_on="payment_id", suffixes=("", "_first")
    )
    assert len(back) == rows.refund_of.notna().sum() > 100
    assert (back.application_id == back.application_id_first).all()
    assert (back.amount_eur == -back.amount_eur_first).all()
    assert (back.paid_at > back.paid_at_first).all()
    assert set(back.status_first) == {"refunded"}


def test_complaints_are_about_applications_of_that_office(
    sent: Sent, known_applications: pd.DataFrame
) -> None:
    rows = sent.now("complaints")
    named = joined(rows[rows.application_id.notna()], known_applications)
    assert len(named) > 0.8 * len(rows)
    assert (named.received_at > named.submitted_at).all()
    assert (named.office_code == named.office_code_of_application).all()
    assert (named.service_code == named.service_code_of_application).all()


def test_driving_licences_are_their_applications(
    sent: Sent, known_applications: pd.DataFrame
) -> None:
    rows = joined(sent.now("driving_licences"), known_applications)
    assert set(rows.service_code) == {"DRIVING_LICENCE"}
    issued = rows[rows.issued_at.notna()]
    assert (issued.issued_at == issued.issued_at_of_application).all()
    assert (issued.expiry_date > issued.issued_at).all()
    assert (rows.medical_cert_date < rows.submitted_at).all()


def test_booked_applications_have_their_appointment(
    sent: Sent, known_applications: pd.DataFrame
) -> None:
    since = known_applications.submitted_at.between("2023-01-01", "2025-12-31")
    booked = known_applications[since & known_applications.appointment_id.notna()]
    rows = sent.now("appointments").set_index("appointment_id")
    both = beside(booked, rows, "appointment_id", "_kept")
    assert both.status_kept.eq("attended").all()
    assert (both.office_code == both.office_code_kept).all()
    assert both.called_at.dt.normalize().eq(both.submitted_at.dt.normalize()).all()


def test_messages_are_about_expiring_documents(sent: Sent) -> None:
    documents = sent.now("expiring_documents").set_index("document_pseudo")
    rows = beside(sent.now("sms"), documents, "document_pseudo", "_of_document")
    assert rows.expiry_date.notna().all()
    assert (rows.phone_on_file == "true").all()
    assert (rows.sms_consent == "true").all()
    assert (rows.language == rows.language_of_document).all()
    assert (rows.planned_for < rows.expiry_date).all()
    assert (rows.delivered_at.notna() == (rows.status == "delivered")).all()


def test_answers_come_from_people_who_were_served(sent: Sent) -> None:
    kept = sent.now("appointments")
    kept = kept[kept.status == "attended"]
    answers = sent.now("satisfaction")
    at_counter = answers[answers.channel == "counter"]
    cases = at_counter.response_id.str.removeprefix("S-")
    served = kept.appointment_id.str.replace("^[TW]-", "", regex=True)
    assert set(cases) <= set(served)
    assert 0.1 < len(at_counter) / len(kept) < 0.3


@pytest.mark.parametrize("contract", ["corrections", "dq_checks", "address_matches"])
def test_registers_are_those_of_the_snapshot(sent: Sent, contract: str) -> None:
    assert set(sent.now(contract).register) <= set(sent.now("register_snapshot").register)


def test_a_snapshot_holds_every_register_and_place_at_every_month_end(sent: Sent) -> None:
    rows = sent.now("register_snapshot")
    assert rows.snapshot_date.dt.is_month_end.all()
    assert len(rows) == 36 * 38 * rows.register.nunique()
    checks = sent.now("dq_checks")
    month = checks.run_date.dt.to_period("M")
    sizes = rows.set_index([rows.snapshot_date.dt.to_period("M"), "register", "municipality_code"])
    there = sizes.active_records.reindex(
        pd.MultiIndex.from_arrays([month, checks.register, checks.municipality_code])
    )
    assert (there.to_numpy() == checks.records_checked.to_numpy()).all()


def test_addresses_add_up(sent: Sent) -> None:
    rows = sent.now("address_matches")
    parts = rows.matched_exact + rows.matched_probable + rows.unmatched + rows.address_missing
    assert (parts == rows.persons_total).all()


def test_staff_cost_has_every_office_while_it_is_open(sent: Sent) -> None:
    rows = sent.now("staff_cost")
    open_offices = {row.code for row in agency.offices(sent.spec)} - {agency.TRAINING}
    assert set(rows.office_code) == open_offices
    months = rows.groupby("office_code").month.nunique()
    assert months["O16A"] == 18  # closed by then
    assert set(months.drop("O16A")) == {36}
    assert (rows[["fte_paid", "staff_days_worked", "direct_cost_eur"]] > 0).all().all()


def test_every_place_has_its_people_in_every_year(sent: Sent) -> None:
    rows = sent.now("population_reference")
    assert rows.groupby("year").municipality_code.nunique().to_dict() == dict.fromkeys(
        (2023, 2024, 2025), 38
    )
    assert rows.source.str.startswith("demo").all()
