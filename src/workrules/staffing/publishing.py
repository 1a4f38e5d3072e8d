"""Tables of counts that give no small group away, not by subtraction either.

Counts under ten are hidden, none included. The trap is everything around them: a row's total less its other
cells is the hidden one, and what is left of a column is the sum of those hidden in it. So a row is shown cell
by cell or not at all, and rows are hidden with it until what is left of every column is ten or more.

What this does not do: two tables that differ by one report give that report away. Publish closed weeks, and
never the same table again with one report more.
"""

from collections.abc import Mapping
from dataclasses import dataclass

SMALLEST_SHOWN = 10

Cells = tuple[int | None, ...]  # None: hidden


class ImpossibleTable(ValueError):
    """Rows of different lengths, no cells, or counts below zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is shown of one row."""

    name: str
    cells: Cells
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What is shown of a table: its rows in their order, the totals of its columns, and of everything."""

    rows: tuple[Row, ...]
    column_totals: Cells
    total: int | None


def publish(table: Mapping[str, tuple[int, ...]]) -> Published:
    """
    Hide what must not be known. Each report is counted once, in one cell of one row.

    For a share, a row is (those it is true of, all others): the complement is then hidden too. Raises
    ImpossibleTable.
    """
    _refuse_impossible(table)
    dark = _dark(table)
    columns = tuple(map(sum, zip(*table.values(), strict=True)))
    total = sum(columns)
    # A total of a column under ten hides them all: the others would give it away.
    columns_shown = min(columns) >= SMALLEST_SHOWN
    veiled = _veiled(table, dark) if columns_shown else set(table)
    return Published(
        rows=tuple(
            Row(
                name=name,
                cells=(None,) * len(cells) if name in veiled else cells,
                total=None if name in dark else sum(cells),
            )
            for name, cells in table.items()
        ),
        column_totals=columns if columns_shown else (None,) * len(columns),
        total=total if total >= SMALLEST_SHOWN else None,
    )


def _refuse_impossible(table: Mapping[str, tuple[int, ...]]) -> None:
    widths = {len(cells) for cells in table.values()}
    if len(widths) != 1 or widths == {0}:
        raise ImpossibleTable("a table has rows, each with the same number of counts")
    if any(count < 0 for cells in table.values() for count in cells):
        raise ImpossibleTable("reports are counted from zero")


def _dark(table: Mapping[str, tuple[int, ...]]) -> set[str]:
    """Rows whose total is hidden: those under ten, and the next smallest until together they are ten."""
    dark = {name for name, cells in table.items() if sum(cells) < SMALLEST_SHOWN}
    for name in _smallest_first(table, besides=dark):
        if not dark or sum(sum(table[row]) for row in dark) >= SMALLEST_SHOWN:
            break
        dark.add(name)
    return dark


def _veiled(table: Mapping[str, tuple[int, ...]], dark: set[str]) -> set[str]:
    """Rows whose cells are hidden: the dark, those with a small cell, and as many as it takes beside them."""
    veiled = dark | {name for name, cells in table.items() if min(cells) < SMALLEST_SHOWN}
    for name in _smallest_first(table, besides=veiled):
        if not _is_given_away(table, veiled):
            break
        veiled.add(name)
    return veiled


def _is_given_away(table: Mapping[str, tuple[int, ...]], veiled: set[str]) -> bool:
    """
    Do the totals of the columns, less the cells shown, tell of fewer than ten reports?

    A single veiled row has a cell under ten itself, so it never stays alone.
    """
    return any(sum(column) < SMALLEST_SHOWN for column in zip(*(table[name] for name in veiled), strict=True))


def _smallest_first(table: Mapping[str, tuple[int, ...]], *, besides: set[str]) -> list[str]:
    return sorted(table.keys() - besides, key=lambda name: (sum(table[name]), name))
