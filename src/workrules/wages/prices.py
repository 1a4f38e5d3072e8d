"""Consumer price series as dated data, each with its source and how far it was checked.

The trap: series for one place that are computed in two ways are two series, and are never mixed. Levels that
nobody of us saw in print are `unverified`: whoever shows a figure that rests on one says so beside it.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


class NoPrice(ValueError):
    """The series has no value for this year; `year` says which."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no price level on file for {year}")
        self.year = year


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSeries:
    """
    The average price level of each year.

    `incomplete` are years of which months are missing, `unverified` those whose level was seen nowhere.
    """

    key: str
    name: str
    source: str
    method: str
    levels: tuple[tuple[int, Decimal], ...]
    incomplete: tuple[int, ...] = ()
    unverified: tuple[int, ...] = ()

    def level(self, year: int) -> Decimal:
        """Raises NoPrice."""
        for known, level in self.levels:
            if known == year:
                return level
        raise NoPrice(year)


def price_change(series: PriceSeries, *, since: int, until: int) -> Fraction:
    """How much prices rose from the average of one year to that of another, as a rate. Raises NoPrice."""
    return Fraction(series.level(until)) / Fraction(series.level(since)) - 1


def _levels(first: int, *levels: str) -> tuple[tuple[int, Decimal], ...]:
    return tuple((year, Decimal(level)) for year, level in enumerate(levels, first))


# October 2025 was not collected: that year has eleven months.
CPI_U_US = PriceSeries(
    key="cpi-u-us",
    name="CPI-U, US city average",
    source="Bureau of Labor Statistics, series CUUR0000SA0, annual averages",
    method="annual average, 1982-84 = 100, not seasonally adjusted",
    levels=_levels(
        2015,
        *("237.017", "240.007", "245.120", "251.107", "255.657", "258.811"),
        *("270.970", "292.655", "304.702", "313.689", "321.943"),
    ),
    incomplete=(2025,),
)

# The Association of Bay Area Governments prints plain means of the six values of a year; the annual average
# of the Bureau of Labor Statistics is computed differently and a little lower.
CPI_U_SAN_FRANCISCO = PriceSeries(
    key="cpi-u-san-francisco-abag",
    name="CPI-U, San Francisco-Oakland-Hayward (ABAG means)",
    source="Association of Bay Area Governments, consumer price index table",
    method="plain mean of the six two-monthly values of the year, 1982-84 = 100",
    levels=_levels(
        2015,
        *("258.8", "266.8", "275.4", "286.3", "295.4", "300.4", "310.6", "328.0", "339.5", "349.0"),
    ),
)

# No annual table was found, only changes in releases; these levels are given from memory.
CPI_U_LOS_ANGELES = PriceSeries(
    key="cpi-u-los-angeles",
    name="CPI-U, Los Angeles-Long Beach-Anaheim",
    source="given from memory; to compare with series CUURS49ASA0 of the Bureau of Labor Statistics",
    method="annual average, 1982-84 = 100, not seasonally adjusted",
    levels=_levels(
        2015,
        *("244.632", "249.246", "256.21", "265.962", "274.114", "278.567", "289.244", "310.782"),
    ),
    unverified=tuple(range(2015, 2023)),
)

SERIES = (CPI_U_US, CPI_U_SAN_FRANCISCO, CPI_U_LOS_ANGELES)
