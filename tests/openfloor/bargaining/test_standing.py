"""Where an article stands, and who moved: 31 → 27 against 20."""

import sys
from fractions import Fraction
from types import FrameType

from hypothesis import given
from hypothesis import strategies as st

from factories.bargaining import by_year
from openfloor.bargaining.figures import Figures, Measure
from openfloor.bargaining.standing import Movement, Standing, State, Version, movements, standing
from openfloor.bargaining.wording import Change, Piece, differences
from workrules.wages import Direction, Move

EMPTY = Figures()
OURS_31 = by_year("10", "7", "7", "7")
OURS_27 = by_year("9", "6", "6", "6")
THEIRS_20 = by_year("5", "5", "5", "5")


def versions(*what: tuple[str, str, Figures] | tuple[str, str, Figures, int]) -> list[Version]:
    return [
        Version(number=n, side=side, kind=kind, figures=figures, corrects=corrects[0] if corrects else None)
        for n, (side, kind, figures, *corrects) in enumerate(what, 1)
    ]


def test_nothing_is_on_the_table_at_first() -> None:
    assert standing([]) == Standing(state=State.EMPTY, ours=None, theirs=None, agreed=None)


def test_the_last_of_each_side_stands() -> None:
    now = standing(
        versions(("ours", "proposed", EMPTY), ("theirs", "proposed", EMPTY), ("ours", "proposed", EMPTY))
    )

    assert now == Standing(state=State.APART, ours=3, theirs=2, agreed=None)


def test_what_is_withdrawn_stands_no_more() -> None:
    now = standing(
        versions(("ours", "proposed", EMPTY), ("theirs", "proposed", EMPTY), ("ours", "withdrawn", EMPTY))
    )

    assert now == Standing(state=State.THEIRS_ALONE, ours=None, theirs=2, agreed=None)


def test_an_agreement_stands_until_a_side_comes_back_to_it() -> None:
    agreed = [("ours", "proposed", EMPTY), ("both", "agreed", EMPTY)]

    assert standing(versions(*agreed)).state == State.AGREED
    assert standing(versions(*agreed, ("theirs", "proposed", EMPTY))) == Standing(
        state=State.APART, ours=1, theirs=3, agreed=None
    )


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    now = standing(
        versions(
            ("ours", "proposed", EMPTY),
            ("theirs", "proposed", EMPTY),
            ("ours", "corrected", EMPTY, 1),
            ("ours", "corrected", EMPTY, 3),
        )
    )

    assert now == Standing(state=State.APART, ours=4, theirs=2, agreed=None)


def test_a_correction_of_what_no_longer_stands_changes_nothing() -> None:
    now = standing(
        versions(("ours", "proposed", EMPTY), ("ours", "proposed", EMPTY), ("ours", "corrected", EMPTY, 1))
    )

    assert (now.state, now.ours) == (State.OURS_ALONE, 2)


def test_31_to_27_against_20_is_four_points_towards_them_and_seven_left() -> None:
    moved = movements(
        versions(
            ("ours", "proposed", OURS_31), ("theirs", "proposed", THEIRS_20), ("ours", "proposed", OURS_27)
        )
    )

    assert moved == {
        1: (),
        2: (),
        3: (
            Movement(
                measure=Measure("raises"),
                before=Fraction(31, 100),
                after=Fraction(27, 100),
                move=Move(direction=Direction.TOWARDS, by=Fraction(-4, 100), gap=Fraction(7, 100)),
            ),
        ),
    }


def test_a_move_before_the_other_side_has_spoken_is_towards_nobody() -> None:
    moved = movements(versions(("ours", "proposed", OURS_31), ("ours", "proposed", OURS_27)))

    assert [each.move for each in moved[2]] == [None]


def test_a_correction_is_no_move_and_what_was_meant_counts() -> None:
    moved = movements(
        versions(
            ("ours", "proposed", OURS_27),  # a slip of the pen: 31 was said
            ("theirs", "proposed", THEIRS_20),
            ("ours", "corrected", OURS_31, 1),
            ("ours", "proposed", OURS_27),
        )
    )

    assert [each.before for each in moved[4]] == [Fraction(31, 100)]
    assert 3 not in moved


def test_words_that_changed_are_taken_out_and_put_in() -> None:
    assert differences(
        "No nurse has more than four patients.\n", "No nurse has more than five patients.\n"
    ) == (
        Piece(Change.KEPT, "No nurse has more than "),
        Piece(Change.OUT, "four"),
        Piece(Change.IN, "five"),
        Piece(Change.KEPT, " patients.\n"),
    )


def test_what_is_agreed_stands_alone_and_else_what_each_side_says() -> None:
    apart = (("ours", "proposed", EMPTY), ("theirs", "proposed", EMPTY))

    assert standing(versions(*apart)).said == (1, 2)
    assert standing(versions(apart[1])).said == (1,)
    assert standing(versions(*apart, ("both", "agreed", EMPTY))).said == (3,)


texts = st.text(st.sampled_from("ab 1%.\n"), max_size=60)


@given(texts, texts)
def test_what_stayed_and_went_is_the_old_and_what_stayed_and_came_the_new(old: str, new: str) -> None:
    pieces = differences(old, new)

    assert "".join(each.text for each in pieces if each.change != Change.IN) == old
    assert "".join(each.text for each in pieces if each.change != Change.OUT) == new


def test_a_passage_too_long_to_compare_is_shown_whole() -> None:
    old, new = "a b " * 2_000, "b a " * 2_000

    assert differences(old, new) == (Piece(Change.OUT, old), Piece(Change.IN, new))


def test_few_words_again_and_again_take_little_work_and_are_shown_whole() -> None:
    old, new = "a b " * 750, "b a " * 750
    calls = 0

    def count(_frame: FrameType, event: str, _what: object) -> None:
        nonlocal calls
        calls += event == "c_call"

    for unit in (" ", "\n\n"):
        before, after = old.replace(" ", unit), new.replace(" ", unit)
        sys.setprofile(count)
        try:
            pieces = differences(before, after)
        finally:
            sys.setprofile(None)
        assert pieces == (Piece(Change.OUT, before), Piece(Change.IN, after))
    assert calls < 100_000


def test_a_passage_of_many_steps_does_not_hide_what_changed_in_another() -> None:
    old, new = "a b " * 1_000 + "\nKept.\nOn four days.\n", "b a b " * 900 + "\nKept.\nOn five days.\n"

    assert differences(old, new)[-4:] == (
        Piece(Change.KEPT, "Kept.\nOn "),
        Piece(Change.OUT, "four"),
        Piece(Change.IN, "five"),
        Piece(Change.KEPT, " days.\n"),
    )
