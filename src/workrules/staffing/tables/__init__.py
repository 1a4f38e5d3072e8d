"""The laws on file: every row with its section, source and dates, superseded rows kept."""

from workrules.staffing.tables import california, elsewhere, oregon

RATIOS = (*california.RATIOS, *oregon.RATIOS, *elsewhere.RATIOS)
PROVISIONS = (*california.PROVISIONS, *oregon.PROVISIONS)

__all__ = ["PROVISIONS", "RATIOS"]
