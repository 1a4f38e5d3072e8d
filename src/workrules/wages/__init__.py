"""Wages against prices: what an offer comes to, in exact fractions, and what inflation leaves of it."""

from workrules.wages.moves import Direction, Move, move
from workrules.wages.offers import (
    ImpossibleOffer,
    LumpSum,
    Offer,
    Raise,
    average_over_term,
    compounded,
    evenly_spread,
    headline,
    level_on,
    levels_by_year,
    lump_sums_over_term,
    rates_by_year,
    share_in_last_years,
)
from workrules.wages.percentages import NoPercentage, TwoReadings, read_percentage
from workrules.wages.prices import (
    CPI_U_LOS_ANGELES,
    CPI_U_SAN_FRANCISCO,
    CPI_U_US,
    SERIES,
    NoPrice,
    PriceSeries,
    price_change,
)
from workrules.wages.real import (
    ImpossibleWindow,
    break_even_inflation,
    real_change,
    real_change_at,
    restoring_raise,
)

__all__ = [
    "CPI_U_LOS_ANGELES",
    "CPI_U_SAN_FRANCISCO",
    "CPI_U_US",
    "SERIES",
    "Direction",
    "ImpossibleOffer",
    "ImpossibleWindow",
    "LumpSum",
    "Move",
    "NoPercentage",
    "NoPrice",
    "Offer",
    "PriceSeries",
    "Raise",
    "TwoReadings",
    "average_over_term",
    "break_even_inflation",
    "compounded",
    "evenly_spread",
    "headline",
    "level_on",
    "levels_by_year",
    "lump_sums_over_term",
    "move",
    "price_change",
    "rates_by_year",
    "read_percentage",
    "real_change",
    "real_change_at",
    "restoring_raise",
    "share_in_last_years",
]
