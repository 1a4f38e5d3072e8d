"""What a counted vote gives a committee, and what it leaves unmet."""

from workrules.mandates.majority import (
    Condition,
    Count,
    ImpossibleCount,
    ImpossibleRule,
    Rule,
    unmet_conditions,
)

__all__ = ["Condition", "Count", "ImpossibleCount", "ImpossibleRule", "Rule", "unmet_conditions"]
