"""`openballot verify NEW --since OLD`: nothing old changed, and only what is new is proven."""

import json
from pathlib import Path

import pytest

from elections import made
from elections.altered import Steps, chained
from openballot.canonical import compact
from openballot.cli import main
from openballot.verifier import Report, verify

VOTES = ((0, [[1, 0]]), (1, [[0, 1]]), (2, [[1, 0]]), (0, [[0, 1]]), (1, [[1, 0]]))
OFF_THE_CURVE = "0" * 63 + "2"
OLD = 3  # events: the set-up and two ballots, both replaced later


@pytest.fixture(scope="module")
def election() -> made.Made:
    return made.counted("Ed25519", votes=VOTES)


def steps_of(election: made.Made) -> Steps:
    return [(event.type, event.data) for event in election.events]


def found(report: Report) -> list[tuple[str, str]]:
    return [(finding.check, finding.object) for finding in report.findings]


def with_a_wrong_answer(steps: Steps, index: int) -> Steps:
    """The ballot there has the answer of the next one, and so no proof that holds."""
    mine, other = (json.loads(steps[place][1][0]) for place in (index, index + 1))
    altered = ("Ballot", (compact({**mine, "answers": other["answers"]}),))
    return [*steps[:index], altered, *steps[index + 1 :]]


def test_archive_that_continues_the_earlier_one_is_valid_and_says_up_to_where_it_was_trusted(
    election: made.Made,
) -> None:
    whole = election.archive()
    for count in range(1, len(election.events) + 1):
        report = verify(whole, since=made.archive_of(election.events[:count]), require="counted")

        assert (report.verdict, report.trusted, report.result) == ("valid", count - 1, [[2, 1]])
    assert report.as_json()["trusted"] == len(election.events) - 1
    assert "trusted" not in verify(whole).as_json()


def test_ballots_of_the_earlier_archive_are_not_proven_again_and_new_ones_are(election: made.Made) -> None:
    steps = steps_of(election)[: len(VOTES) + 1]
    for index, trusted in ((OLD - 1, True), (OLD, False)):
        altered = with_a_wrong_answer(steps, index)

        report = verify(chained(altered), since=chained(altered[:OLD]))

        assert verify(chained(altered)).verdict == "invalid"
        assert (report.verdict, report.trusted) == ("valid" if trusted else "invalid", OLD - 1)


def test_tally_is_computed_again_over_old_and_new_ballots(election: made.Made) -> None:
    steps = steps_of(election)
    for left_out in (3, 4):
        fewer = [*steps[:left_out], *steps[left_out + 1 :]]

        for count in (2, OLD, 5, 6):
            report = verify(chained(fewer), since=chained(fewer[:count]))

            assert ("tally_ciphertexts", "encrypted tally") in found(report)


def test_tally_of_the_earlier_archive_is_trusted_and_what_opens_it_is_checked(election: made.Made) -> None:
    steps = steps_of(election)
    fewer = [*steps[:3], *steps[4:]]
    *_, (kind, (result,)) = fewer
    other = [*fewer[:-1], (kind, (result.replace("2", "3"),))]

    assert verify(chained(fewer), since=chained(fewer[:7])).verdict == "valid"
    assert ("result_value", "result, question 1, choice 1") in found(
        verify(chained(other), since=chained(fewer[:7]))
    )


@pytest.mark.parametrize("weights", [(), (2, 3, 4)])
def test_ballot_that_was_trusted_and_cannot_be_added_up_is_found(weights: tuple[int, ...]) -> None:
    steps = steps_of(made.counted("Ed25519", votes=VOTES, weights=weights))
    ballot = json.loads(steps[3][1][0])
    ballot["answers"][0]["choices"][0]["alpha"] = OFF_THE_CURVE
    altered = [*steps[:3], ("Ballot", (compact(ballot),)), *steps[4:]]

    report = verify(chained(altered), since=chained(altered[:4]))

    assert [check for check, _ in found(report)][:1] == ["ballot_element"]


def test_ballot_of_the_earlier_archive_that_comes_again_is_found(election: made.Made) -> None:
    steps = steps_of(election)[:OLD]

    report = verify(chained([*steps, steps[1]]), since=chained(steps))

    assert [check for check, _ in found(report)] == ["ballot_repeated"]


@pytest.mark.parametrize("index", [0, 1, 2])
def test_first_event_that_differs_is_named(election: made.Made, index: int) -> None:
    old = steps_of(election)[:OLD]
    rest = [step for step in steps_of(election) if step not in old]
    new = [*old[:index], *rest] if index else steps_of(made.counted("Ed25519", votes=VOTES))

    report = verify(chained(new), since=chained(old))

    assert found(report)[0] == ("since_changed", f"event {index} ({new[index][0]})")
    assert report.trusted == (index - 1 if index else None)


def test_archive_shorter_than_the_earlier_one_lacks_the_next_event(election: made.Made) -> None:
    report = verify(made.archive_of(election.events[:2]), since=made.archive_of(election.events[:OLD]))

    assert (report.verdict, found(report)) == ("invalid", [("since_changed", "event 2")])


def test_earlier_archive_cut_in_a_record_is_trusted_up_to_the_event_before(election: made.Made) -> None:
    old = made.archive_of(election.events[:OLD])[:-700]

    report = verify(election.archive(), since=old)

    assert (report.verdict, report.trusted) == ("valid", OLD - 2)


def test_verify_since_prints_up_to_where_it_trusted(
    election: made.Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new, old = tmp_path / "new.bel", tmp_path / "old.bel"
    new.write_bytes(election.archive())
    old.write_bytes(made.archive_of(election.events[:OLD]))

    assert main(["verify", str(new), "--since", str(old)]) == 0
    assert "Trusted: up to event 2, as in the earlier archive\n" in capsys.readouterr().out
    assert main(["verify", str(old), "--since", str(new), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["findings"][0]["check"] == "since_changed"


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_verify_since_what_is_no_archive_says_so(
    election: made.Made, tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    new, old = tmp_path / "new.bel", tmp_path / "old.bel"
    new.write_bytes(election.archive())
    if content is not None:
        old.write_bytes(content)

    assert main(["verify", str(new), "--since", str(old)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert str(old) in printed.err
