"""The checklist and the vague words: what the answers come to, what is marked, and what is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfloor.bargaining.clauses import (
    VAGUE_PHRASES,
    Answer,
    Finding,
    Question,
    Vagueness,
    finding,
    findings,
    is_quoted_from,
    marked,
    vague_in,
)

YES, NO, UNSURE = Answer.YES, Answer.NO, Answer.UNSURE


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], Finding.UNANSWERED),
        ([UNSURE], Finding.UNSURE),
        ([YES, YES], Finding.SAYS),
        ([NO, UNSURE], Finding.SAYS_NOT),
        ([YES, UNSURE, NO], Finding.DISPUTED),
        ([YES] * 99 + [NO], Finding.DISPUTED),
    ],
)
def test_finding_takes_every_side_and_counts_no_heads(answers: list[Answer], expected: Finding) -> None:
    assert finding(answers) is expected


def test_findings_name_what_nobody_has_answered() -> None:
    found = findings({Question.WHO: [YES], Question.REMEDY: [NO]})

    assert found == {
        Question.WHO: Finding.SAYS,
        Question.HOW_MUCH: Finding.UNANSWERED,
        Question.MEASURED_WHEN: Finding.UNANSWERED,
        Question.MEASURED_BY: Finding.UNANSWERED,
        Question.REMEDY: Finding.SAYS_NOT,
        Question.EVIDENCE: Finding.UNANSWERED,
    }


@pytest.mark.parametrize("passage", ["at all times", "at all\ntimes", " No nurse has "])
def test_a_passage_is_found_over_line_breaks(passage: str) -> None:
    assert is_quoted_from("No nurse has more than four patients, at\nall times.", passage)


@pytest.mark.parametrize("passage", ["", "  ", "at any time", "No nurse … times", "no nurse has"])
def test_a_passage_that_does_not_stand_there_is_refused(passage: str) -> None:
    assert not is_quoted_from("No nurse has more than four patients, at all times.", passage)


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        (
            "The Employer shall make Reasonable Efforts, census\npermitting.",
            ["reasonable efforts", "census permitting"],
        ),
        ("The Employer may assign a float nurse as-needed.", ["may", "as needed"]),
        (
            "El hospital procurará reponer lo antes posible; podrá esperar.",
            ["procurará", "lo antes posible", "podrá"],
        ),
        ("Sisikapin ng ospital na punan ang puwesto kung maaari.", ["sisikapin", "kung maaari"]),
        ("Hangga’t maaari, apat ang pasyente.", ["hangga't maaari"]),
    ],
)
def test_vague_words_are_marked_whole_and_in_any_case(text: str, phrases: list[str]) -> None:
    assert [each.phrase for each in vague_in(text)] == phrases


@pytest.mark.parametrize(
    "text",
    [
        "The Employer may not average, and may only count nurses who give care.",
        "No nurse on telemetry may have more than four patients.",
        "From 1 May 2027, by May, and on May 31.",
        "Ningún hospital podrá asignar más; no podrán promediar.",
        "May karapatan ang bawat nars sa pahinga.",
        "Hindi maaaring lumampas.",
        "Mayor, dismay, inadequately, untimely, reasonableness.",
        "",
    ],
)
def test_what_only_looks_vague_is_left_alone(text: str) -> None:
    assert vague_in(text) == ()


def test_a_ban_shields_its_own_may_and_no_other() -> None:
    text = "No nurse may be floated twice; the Employer may ask."

    assert [(piece.text, piece.vague is not None) for piece in marked(text)] == [
        ("No nurse may be floated twice; the Employer ", False),
        ("may", True),
        (" ask.", False),
    ]


@given(
    st.lists(st.sampled_from(["may", "no", "not", "as needed", "ang", "\n", "podrá", "5", "x"]), max_size=30)
)
def test_marking_leaves_nothing_out(words: list[str]) -> None:
    text = " ".join(words)

    assert "".join(piece.text for piece in marked(text)) == text


def test_every_listed_phrase_is_found_alone_and_stands_there_once() -> None:
    phrases = [each.phrase for each in VAGUE_PHRASES]

    assert len(set(phrases)) == len(phrases)
    assert [vague_in(phrase.upper())[0].phrase for phrase in phrases] == phrases
    assert {each.vagueness for each in VAGUE_PHRASES} == set(Vagueness)
