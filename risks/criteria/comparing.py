"""What one version of the criteria says otherwise than another."""

from __future__ import annotations

from dataclasses import dataclass

from risks.criteria.scale import SIZE, Criteria, Names


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell of the matrix that means another level; likelihood and impact from 1."""

    likelihood: int
    impact: int
    old: Names
    new: Names


def differences(old: Criteria, new: Criteria) -> tuple[CellChange, ...]:
    """The cells that differ, from the lowest likelihood and impact to the highest."""
    cells = ((row, column) for row in range(SIZE) for column in range(SIZE))
    return tuple(
        CellChange(
            likelihood=row + 1,
            impact=column + 1,
            old=old.level_of(old.matrix[row][column]).names,
            new=new.level_of(new.matrix[row][column]).names,
        )
        for row, column in cells
        if old.matrix[row][column] != new.matrix[row][column]
    )
