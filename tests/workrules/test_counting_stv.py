"""Single transferable vote: published examples, edges by name, and the laws of the Scottish rules."""

import json
import subprocess
from decimal import Decimal
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from factories.counted_by_hand import LotNeeded, count_by_hand
from factories.rankings import HEAD, Answers, printed, rankings, ranks, renamed
from workrules.counting import BadHead, Fault, ImpossibleElection, stv
from workrules.counting.lots import draw, lot_seed
from workrules.counting.stv import Stage, Step, Tie


def count(answers: Answers, candidates: int, seats: int, head: str = HEAD) -> stv.Count:
    return stv.count(answers, candidates=candidates, seats=seats, head=head)


def elected(names: str, seats: int, profile: dict[str, int]) -> list[str]:
    counted = count(printed(names, profile), len(names.split()), seats)
    return [names.split()[candidate] for candidate in counted.elected]


def votes(*numbers: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, numbers))


def by_lot(counted: stv.Count) -> bool:
    return any(stage.tie is not None and stage.tie.stage is None for stage in counted.stages)


# Published examples


def test_dog_and_cat_owners_of_the_stv_primer() -> None:
    """STV primer, part 5 (yingtongli.me, 2022); the figures before the last surplus are its own."""
    names = "D1 D2 C1 C2 F"
    answers = printed(
        names,
        {
            "D1>D2>F>C1>C2": 21,
            "D2>D1>F>C1>C2": 19,
            "C1>C2>F>D1>D2": 40,
            "C2>C1>F>D1>D2": 6,
            "F>D1>D2>C1>C2": 7,
            "F>D1>C1>C2>D2": 6,
            "F>D1": 1,
        },
    )

    counted = count(answers, 5, 3)

    assert counted == stv.Count(
        candidates=5,
        seats=3,
        valid=100,
        blank=0,
        invalid=(),
        quota=26,
        elected=(2, 0, 1),
        stages=(
            Stage(
                step=Step.FIRST_PREFERENCES,
                candidate=None,
                tie=None,
                changes=votes("21", "19", "40", "6", "14"),
                votes=votes("21", "19", "40", "6", "14"),
                non_transferable=Decimal(0),
                rounded_away=Decimal(0),
                elected=(2,),
                elected_last=(),
            ),
            Stage(
                step=Step.SURPLUS,
                candidate=2,
                tie=None,
                changes=votes("0", "0", "-14", "14", "0"),
                votes=votes("21", "19", "26", "20", "14"),
                non_transferable=Decimal(0),
                rounded_away=Decimal(0),
                elected=(),
                elected_last=(),
            ),
            Stage(
                step=Step.EXCLUSION,
                candidate=4,
                tie=None,
                changes=votes("14", "0", "0", "0", "-14"),
                votes=votes("35", "19", "26", "20", "0"),
                non_transferable=Decimal(0),
                rounded_away=Decimal(0),
                elected=(0,),
                elected_last=(),
            ),
            # 9/35 is 0.25714 and a rest: of 35 papers 28 go to D2, 6 past the elected C1 to C2, 1 nowhere.
            Stage(
                step=Step.SURPLUS,
                candidate=0,
                tie=None,
                changes=votes("-9", "7.19992", "0", "1.54284", "0"),
                votes=votes("26", "26.19992", "26", "21.54284", "0"),
                non_transferable=Decimal("0.25714"),
                rounded_away=Decimal("0.00010"),
                elected=(1,),
                elected_last=(),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("names", "seats", "profile", "published"),
    [
        pytest.param(
            "orange pear chocolate strawberry sweets",
            3,
            {
                "orange": 4,
                "pear>orange": 2,
                "chocolate>strawberry": 8,
                "chocolate>sweets": 4,
                "strawberry": 1,
                "sweets": 1,
            },
            ["chocolate", "orange", "strawberry"],
            id="food for a party, Wikipedia, Single transferable vote",
        ),
        pytest.param(
            "Andrea Carter Brad Delilah Scott",
            3,
            {
                "Andrea": 25,
                "Carter>Brad>Delilah": 34,
                "Brad>Delilah": 7,
                "Delilah>Brad": 8,
                "Delilah>Scott": 5,
                "Scott>Delilah": 21,
            },
            ["Carter", "Scott", "Andrea"],
            id="Wikipedia, CPO-STV",
        ),
        pytest.param(
            "Memphis Nashville Chattanooga Knoxville",
            1,
            {
                "Memphis>Nashville>Chattanooga>Knoxville": 42,
                "Nashville>Chattanooga>Knoxville>Memphis": 26,
                "Chattanooga>Knoxville>Nashville>Memphis": 15,
                "Knoxville>Chattanooga>Nashville>Memphis": 17,
            },
            ["Knoxville"],
            id="capital of Tennessee, Wikipedia, Instant-runoff voting",
        ),
    ],
)
def test_published_example(names: str, seats: int, profile: dict[str, int], published: list[str]) -> None:
    assert elected(names, seats, profile) == published


# Edges


def test_without_papers_nobody_is_elected_and_no_lot_is_drawn() -> None:
    counted = count([], 3, 2)

    assert (counted.elected, counted.stages, counted.quota) == ((), (), 1)


def test_blank_and_invalid_papers_elect_nobody_and_stand_in_the_count() -> None:
    counted = count([[0, 0], [0, 0], [1, 1], [0, 2]], 2, 1)

    assert (counted.valid, counted.blank, counted.elected) == (0, 2, ())
    assert counted.invalid == ((Fault.REPEATED, 1), (Fault.GAP, 1))


def test_blank_and_invalid_papers_do_not_raise_the_quota() -> None:
    assert count([*[[1, 2]] * 3, *[[0, 0]] * 50, *[[2, 2]] * 50], 2, 1).quota == 2


def test_with_fewer_candidates_than_seats_all_are_elected_at_once() -> None:
    counted = count([[1, 0], [1, 0], [1, 2]], 2, 5)

    assert counted.elected == (0, 1)
    assert [(stage.elected, stage.elected_last) for stage in counted.stages] == [((0,), (1,))]


def test_with_as_many_candidates_as_seats_all_are_elected_at_once() -> None:
    assert len(count([[1, 0], [1, 0]], 2, 2).stages) == 1


def test_votes_just_at_the_quota_elect_and_leave_no_surplus() -> None:
    counted = count(printed("A B C", {"A>B": 4, "B>A": 3, "C>A": 2}), 3, 1)

    assert counted.quota == 5
    assert [stage.step for stage in counted.stages] == [Step.FIRST_PREFERENCES, Step.EXCLUSION]
    assert counted.elected == (0,)


def test_when_all_other_papers_are_exhausted_the_last_seats_are_filled_without_the_quota() -> None:
    counted = count(printed("A B C D", {"A": 9, "B": 3, "C": 2, "D": 1}), 4, 2)

    assert counted.quota == 6
    assert [stage.candidate for stage in counted.stages] == [None, 0, 3, 2]
    assert counted.stages[-1].non_transferable == Decimal("5.99997")
    assert counted.stages[-1].elected_last == (1,)
    assert counted.elected == (0, 1)


def test_highest_surplus_moves_first_also_one_that_arose_only_now() -> None:
    profile = {"A>E": 12, "B>C>D": 15, "C>E": 9, "D>E": 6, "E": 5}

    counted = count(printed("A B C D E", profile), 5, 4)

    assert counted.quota == 10
    assert [stage.candidate for stage in counted.stages] == [None, 1, 2, 0, 3]
    assert counted.stages[1].votes == votes("12", "10", "13.99995", "6", "5")


def test_tied_for_the_fewest_the_lower_one_of_the_latest_differing_stage_goes() -> None:
    counted = count(printed("A B C D E", {"A>B": 1, "B": 2, "C": 3, "D": 4, "E": 5}), 5, 2)

    assert counted.stages[2].tie == Tie(candidates=(1, 2), stage=1)
    assert counted.stages[2].candidate == 1


def test_of_three_tied_two_still_level_at_a_stage_are_told_apart_by_an_earlier_one() -> None:
    profile = {"A>E": 1, "B>D": 1, "B>E": 1, "C": 5, "D": 4, "E": 3, "F": 8, "G": 8}

    counted = count(printed("A B C D E F G", profile), 7, 2)

    assert [stage.votes[2:5] for stage in counted.stages[:3]] == [
        votes("5", "4", "3"),
        votes("5", "4", "4"),
        votes("5", "5", "5"),
    ]
    assert counted.stages[3].tie == Tie(candidates=(2, 3, 4), stage=1)
    assert counted.stages[3].candidate == 4


def test_of_equal_surpluses_the_larger_one_of_the_latest_differing_stage_moves_first() -> None:
    profile = {"A>B": 6, "A>D": 14, "B": 8, "C": 11, "D": 2, "E": 6}

    counted = count(printed("A B C D E", profile), 5, 4)

    assert counted.stages[1].votes[1:3] == votes("11", "11")
    assert counted.stages[2].tie == Tie(candidates=(1, 2), stage=1)
    assert [stage.candidate for stage in counted.stages[1:4]] == [0, 2, 1]


def test_level_at_every_stage_a_lot_of_the_head_and_the_papers_decides() -> None:
    answers = printed("A B C", {"A": 2, "B": 2, "C": 2})

    counted = count(answers, 3, 2)

    lot = draw(lot_seed(HEAD, answers), 2, [0, 1, 2])
    assert counted.stages[1].tie == Tie(candidates=(0, 1, 2), stage=None)
    assert counted.stages[1].candidate == lot
    assert set(counted.elected) == {0, 1, 2} - {lot}


def test_all_tied_another_head_can_draw_another() -> None:
    answers = printed("A B", {"A": 1, "B": 1})

    assert {count(answers, 2, 1, head=f"{head:064x}").elected for head in range(12)} == {(0,), (1,)}


@pytest.mark.parametrize(("candidates", "seats"), [(0, 1), (1, 0), (2, -1)])
def test_election_without_candidates_or_seats_cannot_be(candidates: int, seats: int) -> None:
    with pytest.raises(ImpossibleElection):
        count([], candidates, seats)


def test_head_that_is_no_hash_is_refused_even_where_no_lot_is_needed() -> None:
    with pytest.raises(BadHead):
        count([[1]], 1, 1, head="not a hash")


# Laws

seat_numbers = st.integers(1, 4)


@given(rankings(), seat_numbers)
def test_every_stage_adds_up_to_the_valid_papers(election: tuple[int, Answers], seats: int) -> None:
    candidates, answers = election

    counted = count(answers, candidates, seats)

    for stage in counted.stages:
        assert sum(stage.votes) + stage.non_transferable + stage.rounded_away == counted.valid
    for before, after in zip(counted.stages, counted.stages[1:], strict=False):
        assert tuple(map(sum, zip(before.votes, after.changes, strict=True))) == after.votes


@given(rankings(), seat_numbers)
def test_quota_is_the_smallest_that_no_more_than_the_seats_can_reach(
    election: tuple[int, Answers], seats: int
) -> None:
    candidates, answers = election

    quota = count(answers, candidates, seats).quota

    assert (seats + 1) * (quota - 1) <= len(answers) < (seats + 1) * quota


@given(rankings(fewest=1), seat_numbers)
def test_seats_are_filled_as_far_as_there_are_candidates(election: tuple[int, Answers], seats: int) -> None:
    candidates, answers = election

    counted = count(answers, candidates, seats)

    in_stages = [candidate for stage in counted.stages for candidate in (*stage.elected, *stage.elected_last)]
    assert len(set(counted.elected)) == min(candidates, seats)
    assert tuple(in_stages) == counted.elected


@given(rankings(), seat_numbers)
def test_a_quota_of_first_choices_elects(election: tuple[int, Answers], seats: int) -> None:
    candidates, answers = election

    counted = count(answers, candidates, seats)

    for candidate in range(candidates):
        if sum(answer[candidate] == 1 for answer in answers) >= counted.quota:
            assert candidate in counted.elected


@given(rankings(), seat_numbers, st.randoms(use_true_random=False))
def test_order_of_the_papers_changes_nothing(
    election: tuple[int, Answers], seats: int, random: Random
) -> None:
    candidates, answers = election
    shuffled = random.sample(answers, len(answers))

    assert count(shuffled, candidates, seats) == count(answers, candidates, seats)


@given(rankings(), seat_numbers, st.data())
def test_names_do_not_matter_unless_a_lot_decides(
    election: tuple[int, Answers], seats: int, data: st.DataObject
) -> None:
    candidates, answers = election
    order = data.draw(st.permutations(range(candidates)))
    counted = count(answers, candidates, seats)
    assume(not by_lot(counted))

    again = count(renamed(answers, order), candidates, seats)

    assert {order[candidate] for candidate in again.elected} == set(counted.elected)
    assert [[stage.votes[order.index(old)] for old in range(candidates)] for stage in again.stages] == [
        list(stage.votes) for stage in counted.stages
    ]


@given(rankings(fewest=1), seat_numbers, st.data())
def test_a_later_choice_neither_harms_nor_helps_an_earlier_one(
    election: tuple[int, Answers], seats: int, data: st.DataObject
) -> None:
    candidates, answers = election
    at = data.draw(st.integers(0, len(answers) - 1))
    unranked = [candidate for candidate, rank in enumerate(answers[at]) if rank == 0]
    assume(unranked)
    later = list(answers[at])
    later[data.draw(st.sampled_from(unranked))] = max(later) + 1
    earlier = [candidate for candidate, rank in enumerate(answers[at]) if rank]

    before = count(answers, candidates, seats)
    after = count([*answers[:at], later, *answers[at + 1 :]], candidates, seats)

    # A lot is drawn from all papers, so it may fall otherwise when one of them changes.
    assume(not by_lot(before) and not by_lot(after))
    assert set(after.elected) & set(earlier) == set(before.elected) & set(earlier)


@given(rankings(candidates=range(2, 7)))
def test_more_than_half_of_the_first_choices_win_a_single_seat(election: tuple[int, Answers]) -> None:
    candidates, answers = election
    majority = [[1, *[0] * (candidates - 1)]] * (len(answers) + 1)

    assert count([*answers, *majority], candidates, 1).elected == (0,)


@given(rankings(fewest=1), seat_numbers)
def test_rounding_loses_less_than_its_last_place_for_each_paper_and_surplus(
    election: tuple[int, Answers], seats: int
) -> None:
    candidates, answers = election

    counted = count(answers, candidates, seats)

    surpluses = sum(stage.step is Step.SURPLUS for stage in counted.stages)
    assert counted.stages[-1].rounded_away <= Decimal("0.00001") * len(answers) * surpluses


@settings(max_examples=200, deadline=None)
@given(rankings(fewest=1, candidates=range(2, 7)), seat_numbers)
def test_count_by_hand_paper_by_paper_comes_to_the_same(election: tuple[int, Answers], seats: int) -> None:
    candidates, answers = election
    counted = count(answers, candidates, seats)

    try:
        by_hand, stages = count_by_hand(answers, candidates, seats)
    except LotNeeded:
        assert by_lot(counted)
        return

    assert set(counted.elected) == by_hand
    assert [list(stage.votes) for stage in counted.stages] == stages


@settings(max_examples=60, deadline=None)
@given(rankings(fewest=1, candidates=range(2, 7)))
def test_single_seat_without_a_tie_goes_where_belenios_gives_it(election: tuple[int, Answers]) -> None:
    candidates, answers = election
    counted = count(answers, candidates, 1)
    assume(all(stage.tie is None for stage in counted.stages))

    theirs = subprocess.run(
        ["belenios-tool", "method", "stv", "--nseats", "1"],
        input=json.dumps(answers),
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(theirs.stdout)["winners"] == list(counted.elected)


def test_ranks_of_a_paper_are_written_as_belenios_writes_them() -> None:
    assert ranks(4, [2, 0]) == [2, 0, 1, 0]
