"""How a count of ranks or grades is shown: in sentences, in pictures with words, in tables."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Browser

from factories.rankings import HEAD, Answers, printed
from journeys.people import AXE, LAPTOP, PHONE
from openfloor.ballots.counts import Shown, judgment_in_words, schulze_in_words, stv_in_words
from openfloor.ballots.counts.shown import Bar, Part, Round, Table, in_votes, votes
from workrules.counting import majority_judgment, schulze, stv

LOOK = Path(__file__).parents[3] / "src/openfloor/ui/static/ui/look.css"
NAMES = ["Ada <of transport>", "Ben", "Cora", "Dan", "Eve from the night shift", "Fay"]
CITIES = ["Memphis", "Nashville", "Chattanooga", "Knoxville"]
GRADES = ["Excellent", "Good", "Fair", "Poor"]
CAPITAL = [*[[1, 3, 4, 4]] * 42, *[[4, 1, 3, 3]] * 26, *[[4, 3, 1, 2]] * 15, *[[4, 3, 2, 1]] * 17]
FORTY_FIVE = {
    "A>C>B>E>D": 5,
    "A>D>E>C>B": 5,
    "B>E>D>A>C": 8,
    "C>A>B>E>D": 3,
    "C>A>E>B>D": 7,
    "C>B>A>D>E": 2,
    "D>C>E>B>A": 7,
    "E>B>A>D>C": 8,
}
DELEGATES = {"A>B>C": 14, "A>C": 6, "B>A": 7, "C>D": 4, "D>C": 4, "E>F>B": 5, "F>E": 3, "F": 1}


def transferred(answers: Answers, seats: int, names: list[str]) -> Shown:
    return stv_in_words(stv.count(answers, candidates=len(names), seats=seats, head=HEAD), names)


def delegates() -> Shown:
    answers = [*printed("A B C D E F", DELEGATES), [1, 1, 0, 0, 0, 0], [0] * 6, [0] * 6]
    return transferred(answers, 3, NAMES)


def compared(profile: dict[str, int], names: list[str]) -> Shown:
    answers = printed(" ".join("ABCDEF"[: len(names)]), profile)
    return schulze_in_words(schulze.count(answers, candidates=len(names)), names)


def judged(answers: Answers, names: list[str]) -> Shown:
    count = majority_judgment.count(answers, candidates=len(names), grades_offered=len(GRADES))
    return judgment_in_words(count, names, GRADES)


# Votes


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("0", "0 votes"),
        ("1", "1 vote"),
        ("1.00000", "1 vote"),
        ("20.00000", "20 votes"),
        ("1200.5", "1200.5 votes"),
        ("4.99995", "4.99 votes"),
        ("0.00012", "0.00012 votes"),
    ],
)
def test_votes_are_cut_and_some_are_never_none(number: str, shown: str) -> None:
    assert in_votes(Decimal(number)) == shown


def test_votes_have_the_marks_of_the_language() -> None:
    with translation.override("es"):
        assert votes(Decimal("10.66000")) == "10,66"


# Single transferable vote


def test_outcome_of_transferable_votes_says_what_was_counted_and_what_elects() -> None:
    shown = delegates()

    assert shown.outcome == "Elected: Ada <of transport>, Ben and Cora."
    assert shown.facts == (
        "44 valid papers. 2 blank papers, which are not counted. "
        "1 invalid paper, which is not counted: two names share a rank.",
        "Whoever has 12 votes is elected. No more than 3 people can have so many.",
    )


def test_every_round_says_what_happened_and_why() -> None:
    assert delegates().rounds == (
        Round(
            heading="Round 1",
            sentences=(
                "The first choices are counted.",
                "Ada <of transport> has enough votes and is elected.",
            ),
        ),
        Round(
            heading="Round 2",
            sentences=(
                "Ada <of transport> has 8 votes more than needed. They move to the next name on each of "
                "these papers, an equal share of every paper.",
                "Ben +5.6, Cora +2.4.",
                "Ben has enough votes and is elected.",
            ),
        ),
        Round(
            heading="Round 3",
            sentences=(
                "Ben has 0.6 votes more than needed. They move to the next name on each of these papers, "
                "an equal share of every paper.",
                "Cora +0.26.",
                "No next name: 0.33 votes.",
            ),
        ),
        Round(
            heading="Round 4",
            sentences=(
                "Dan and Fay are level, and earlier rounds do not tell them apart. A lot decides; "
                "anybody can draw it again.",
                "Dan is out. The papers move to the next name on each of them.",
                "Cora +4.",
            ),
        ),
        Round(
            heading="Round 5",
            sentences=(
                "Fay has the fewest votes and is out. The papers move to the next name on each of them.",
                "Eve from the night shift +3.",
                "No next name: 1 vote.",
            ),
        ),
        Round(
            heading="Round 6",
            sentences=(
                "Eve from the night shift has the fewest votes and is out. The papers move to the next name "
                "on each of them.",
                "No next name: 8 votes.",
                "Nobody else is left for the last seat: Cora is elected.",
            ),
        ),
    )


def test_bar_of_transferable_votes_shows_first_choices_what_came_later_and_what_elects() -> None:
    (picture,) = delegates().pictures

    assert picture.bars[1] == Bar(
        name="Ben",
        note="elected in round 2, with 12.6 votes",
        description="Ben: 7 first choices, 5.6 more later",
        parts=(
            Part(kind="first", start=0, width=350),
            Part(kind="later", start=350, width=280),
            Part(kind="mark", start=600, width=6),
        ),
    )
    assert [bar.note for bar in picture.bars] == [
        "elected in round 1, with 20 votes",
        "elected in round 2, with 12.6 votes",
        "elected in round 6, with 10.66 votes",
        "out in round 4, with 4 votes",
        "out in round 6, with 8 votes",
        "out in round 5, with 4 votes",
    ]


def test_whoever_is_neither_elected_nor_out_is_told_so() -> None:
    shown = transferred(printed("A B C", {"A": 5, "B": 3, "C": 1}), 1, NAMES[:3])

    assert [bar.note for bar in shown.pictures[0].bars] == [
        "elected in round 1, with 5 votes",
        "not elected, 3 votes at the end",
        "not elected, 1 vote at the end",
    ]


def test_mark_of_a_quota_that_nobody_reaches_stays_inside_the_bar() -> None:
    shown = transferred(printed("A B", {"A": 1, "B": 1}), 1, NAMES[:2])

    assert shown.pictures[0].bars[0].parts[-1] == Part(kind="mark", start=994, width=6)


def test_table_of_transferable_votes_has_every_round() -> None:
    (table,) = delegates().tables

    assert table.columns == ("Name", *(f"Round {number}" for number in range(1, 7)))
    assert table.rows[2:] == (
        ("Cora", ("4", "6.4", "6.66", "10.66", "10.66", "10.66")),
        ("Dan", ("4", "4", "4", "0", "0", "0")),
        ("Eve from the night shift", ("5", "5", "5", "5", "8", "0")),
        ("Fay", ("4", "4", "4", "4", "0", "0")),
        ("No next name", ("0", "0", "0.33", "0.33", "1.33", "9.33")),
        ("Cut off after five places", ("0", "0", "0.00017", "0.00017", "0.00017", "0.00017")),
    )


def test_tie_that_an_earlier_round_decides_names_the_round() -> None:
    shown = transferred(printed("A B C D E", {"A>B": 1, "B": 2, "C": 3, "D": 4, "E": 5}), 2, NAMES[:5])

    assert shown.rounds[2].sentences[:2] == (
        "Ben and Cora are level. Their votes in round 1 decide.",
        "Ben is out. The papers move to the next name on each of them.",
    )


def test_seats_for_which_there_is_nobody_stay_empty_in_words() -> None:
    shown = transferred([[1, 0], [1, 2]], 4, NAMES[:2])

    assert shown.facts[-1] == "2 seats stay empty: there are not enough names."
    assert shown.rounds[0].sentences[1:] == (
        "Ada <of transport> has enough votes and is elected.",
        "Nobody else is left for the last seat: Ben is elected.",
    )


def test_without_papers_nobody_is_elected_and_nothing_is_drawn() -> None:
    shown = transferred([], 2, NAMES[:3])

    assert shown == Shown(
        outcome="Nobody is elected: there is no valid paper.",
        facts=("0 valid papers.",),
        pictures=(),
        places=(),
        rounds=(),
        tables=(),
    )


# Schulze


def test_outcome_of_comparisons_says_that_everybody_else_is_beaten() -> None:
    shown = compared({"A>B>C": 3, "B>A>C": 1}, NAMES[:3])

    assert shown.outcome == "Ada <of transport> wins."
    assert shown.facts == (
        "4 valid papers.",
        "Against each other name, more papers prefer Ada <of transport>.",
    )
    assert shown.places == ("Ada <of transport>", "Ben", "Cora")


def test_chains_are_explained_where_they_decide() -> None:
    shown = compared(FORTY_FIVE, NAMES[:5])

    assert shown.outcome == "Eve from the night shift wins."
    assert shown.facts[1].startswith("No name is preferred to each of the others. So chains are compared:")
    assert shown.pictures[0].bars[1] == Bar(
        name="Cora",
        note="21 prefer Eve from the night shift, 24 prefer Cora",
        description="21 prefer Eve from the night shift, 24 prefer Cora",
        parts=(Part(kind="first", start=0, width=466), Part(kind="against", start=467, width=533)),
        under="The chain Eve from the night shift › Dan › Cora (weakest link 28 to 17) is stronger than "
        "Cora › Eve from the night shift (weakest link 24 to 21).",
    )
    assert shown.pictures[0].bars[3].under == ""


def test_level_winners_are_left_to_the_members_with_a_picture_of_each() -> None:
    shown = compared({"A>B>C": 1, "B>C>A": 1, "C>A>B": 1}, ["Monday", "Tuesday", "Friday"])

    assert shown.outcome == (
        "Monday, Tuesday and Friday are level in first place. The rule does not choose between them; "
        "the members decide."
    )
    assert len(shown.pictures) == 3
    assert shown.pictures[0].bars[0].under == (
        "These chains are equally strong: Monday › Tuesday (weakest link 2 to 1) and "
        "Tuesday › Friday › Monday (weakest link 2 to 1)."
    )
    assert shown.places == ("Monday, Tuesday and Friday",)


def test_tables_of_comparisons_have_every_pair() -> None:
    shown = compared({"A>B": 2, "B>A": 1}, ["Monday", "Tuesday"])

    assert shown.tables == (
        Table(
            caption="How many papers prefer the name of the row to that of the column.",
            columns=("Name", "Monday", "Tuesday"),
            rows=(("Monday", ("–", "2")), ("Tuesday", ("1", "–"))),
        ),
        Table(
            caption="The weakest link of the strongest chain from the name of the row to that of the column.",
            columns=("Name", "Monday", "Tuesday"),
            rows=(("Monday", ("–", "2 : 1")), ("Tuesday", ("–", "–"))),
        ),
    )


def test_comparison_without_papers_names_no_winner() -> None:
    shown = compared({}, NAMES[:2])

    assert shown.outcome == "Nobody wins: there is no valid paper."
    assert (shown.facts, shown.pictures) == (("0 valid papers.",), ())


# Majority judgment


def test_places_by_grades_are_explained_step_by_step() -> None:
    shown = judged(CAPITAL, CITIES)

    assert shown.outcome == "Nashville wins."
    assert shown.places == ("Nashville", "Knoxville", "Chattanooga", "Memphis")
    assert shown.rounds == (
        Round(
            heading="Nashville before Knoxville",
            sentences=(
                "The same grade is in the middle. Take the middle away from both, 16 times: then it is Fair "
                "before Poor.",
            ),
        ),
        Round(
            heading="Knoxville before Chattanooga",
            sentences=(
                "The same grade is in the middle. Take the middle away from both, 67 times: then it is "
                "Excellent before Good.",
            ),
        ),
        Round(
            heading="Chattanooga before Memphis",
            sentences=("In the middle: Fair before Poor.",),
        ),
    )


def test_bar_of_grades_goes_from_the_best_to_the_worst_with_the_middle_marked() -> None:
    shown = judged(CAPITAL, CITIES)

    assert shown.pictures[0].bars[1] == Bar(
        name="Knoxville",
        note="Fair in the middle",
        description="Knoxville: Excellent 17, Good 15, Fair 26, Poor 42",
        parts=(
            Part(kind="grade", start=0, width=170, opacity="1.00"),
            Part(kind="grade", start=170, width=150, opacity="0.72"),
            Part(kind="grade", start=320, width=260, opacity="0.43"),
            Part(kind="grade", start=580, width=420, opacity="0.15"),
            Part(kind="mark", start=497, width=6),
        ),
    )


def test_table_of_grades_has_the_middle_and_what_lies_around_it() -> None:
    (table,) = judged(CAPITAL, CITIES).tables

    assert table.columns == ("Name", *GRADES, "In the middle", "Better", "Worse")
    assert table.rows[0] == ("Nashville", ("26", "0", "74", "0", "Fair", "26", "0"))


def test_names_with_the_same_grades_are_level_in_words() -> None:
    shown = judged([[1, 2, 4], [2, 1, 4]], CITIES[:3])

    assert shown.outcome.startswith("Memphis and Nashville are level in first place.")
    assert shown.places == ("Memphis and Nashville", "Chattanooga")
    assert shown.rounds[0].heading == "Memphis and Nashville before Chattanooga"


def test_grades_without_papers_name_no_winner() -> None:
    shown = judged([], CITIES[:2])

    assert shown.outcome == "Nobody wins: there is no valid paper."
    assert shown.pictures == ()
    assert shown.tables[0].rows[0] == ("Memphis", ("0", "0", "0", "0", "–", "0", "0"))


# On the page


def html_of(template: str, shown: Shown) -> str:
    return render_to_string(f"ballots/counts/{template}.html", {"count": shown})


def pages() -> dict[str, str]:
    return {
        "stv": html_of("_stv", delegates()),
        "schulze": html_of("_schulze", compared(FORTY_FIVE, NAMES[:5])),
        "grades": html_of("_majority_judgment", judged(CAPITAL, CITIES)),
        "no papers for stv": html_of("_stv", transferred([], 2, NAMES[:3])),
        "no papers for schulze": html_of("_schulze", compared({}, NAMES[:2])),
        "no papers for grades": html_of("_majority_judgment", judged([], CITIES[:2])),
    }


def test_count_carries_no_style_and_no_script_and_names_every_picture_and_figure() -> None:
    for html in pages().values():
        assert re.findall(r"\sstyle=|<style|<script|\son\w+=", html) == []
        assert html.count("<svg") == html.count('<svg role="img"') == html.count("<title>")
        assert len(re.findall("<th", html)) - html.count("<thead>") == len(
            re.findall('<th scope="(?:col|row)"', html)
        )


def test_names_are_escaped() -> None:
    html = html_of("_stv", delegates())

    assert "Ada <of" not in html
    assert "Ada &lt;of transport&gt;" in html


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_counts_can_be_read_by_everybody_on_any_screen(
    browser: Browser, size: dict[str, int], scheme: str, direction: str
) -> None:
    cards = "".join(f'<section class="card">{html}</section>' for html in pages().values())
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_content(
        f'<!doctype html><html lang="en" dir="{direction}"><head><title>Counts</title>'
        f"<style>{LOOK.read_text(encoding='utf-8')}</style></head>"
        f'<body><main id="main"><h1>Counts</h1><h2>Questions</h2>{cards}</main></body></html>'
    )
    page.evaluate(AXE)

    found = page.evaluate("() => axe.run({ resultTypes: ['violations'] })")["violations"]
    wider = page.evaluate("() => document.documentElement.scrollWidth > innerWidth")
    context.close()

    assert [(problem["id"], problem["nodes"][0]["html"][:120]) for problem in found] == []
    assert not wider
