"""Rankings and grades, counted by published rules, every step of the count kept."""

from workrules.counting.lots import BadHead
from workrules.counting.papers import Fault, ImpossibleElection

__all__ = ["BadHead", "Fault", "ImpossibleElection"]
