"""The main story: from a founding link to a result that a program we did not write calls correct."""

from pathlib import Path

import pytest

from journeys.checking import assert_both_verifiers_agree
from journeys.story import StrikeVote

pytestmark = pytest.mark.journey


def test_one_strike_vote_from_an_invitation_to_a_verified_result(
    strike_vote: StrikeVote, tmp_path: Path
) -> None:
    assert len(strike_vote.heads) == 1
    assert_both_verifiers_agree(strike_vote.archive, [[0, 2, 1]], tmp_path)
