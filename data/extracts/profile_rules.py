"""What must hold between a profile and its contract, beyond the form of the file."""

from __future__ import annotations

from data.extracts import vocabulary
from data.extracts.contracts import Column
from data.extracts.profile import CutOff, Profile, ProfileColumn
from data.extracts.strict_toml import Table


def verify(profile: Profile, table: Table) -> None:
    """Refuse a profile that its contract contradicts; Invalid names the setting."""
    _constants_are_values(profile, table)
    _no_personal_data(profile, table)
    _needed_columns_have_a_source(profile, table)
    if CutOff.FILE_NAME in profile.cut_off and profile.cut_off_pattern is None:
        raise table.fault("extracts.definition.missing_key", "cut_off.file_name")


def verify_values(column: Column, mapped: ProfileColumn, table: Table) -> None:
    """Refuse a value map that leads to what the contract does not know."""
    targets = set(mapped.values.values()) | ({mapped.filled} if mapped.filled else set())
    if targets and not column.type.is_text:
        raise table.fault("extracts.definition.only_texts", "values", column=column.name)
    for target in sorted(targets - {""}):
        if column.codes and target not in column.codes:
            raise table.fault(
                "extracts.definition.unknown_choice", "values", value=target, known=column.codes
            )


def _constants_are_values(profile: Profile, table: Table) -> None:
    for name, value in profile.constants.items():
        if name not in profile.contract.names:
            raise table.fault("extracts.definition.unknown_column", "constants", column=name)
        codes = profile.contract.column(name).codes
        if codes and value not in codes:
            raise table.fault(
                "extracts.definition.unknown_choice", f"constants.{name}", value=value, known=codes
            )


def _no_personal_data(profile: Profile, table: Table) -> None:
    own = vocabulary.header_forms(profile.contract)
    for column in profile.columns:
        others = [header for header in column.headers if vocabulary.fold(header) not in own]
        for found in vocabulary.personal_headers(others):
            raise table.fault(
                "extracts.definition.personal_header",
                f"columns.{column.name}.headers",
                header=found.header,
            )


def _needed_columns_have_a_source(profile: Profile, table: Table) -> None:
    sources = {column.name for column in profile.columns} | set(profile.constants)
    for column in profile.contract.columns:
        if (column.required or column.expected) and column.name not in sources:
            raise table.fault(
                "extracts.definition.column_not_mapped", "columns", column=column.name
            )
