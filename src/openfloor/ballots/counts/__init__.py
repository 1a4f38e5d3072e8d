"""Counts of ranks and grades in sentences, bars and tables."""

from openfloor.ballots.counts.grades import judgment_in_words
from openfloor.ballots.counts.pairs import schulze_in_words
from openfloor.ballots.counts.shown import Shown, in_a_list
from openfloor.ballots.counts.transfers import stv_in_words

__all__ = ["Shown", "in_a_list", "judgment_in_words", "schulze_in_words", "stv_in_words"]
