"""From the close to the count: what trustees hand in, what is refused, and how a crash is survived."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from types import FrameType
from typing import ParamSpec

import pytest

from factories.ballots import BLANK, NO, OWN_KEYS, YES, Called, ballot_in_state
from factories.workplace import make_committee
from openballot import verifier
from openballot.archive import event, read_archive
from openballot.canonical import hash_hex
from openfloor.audit.models import LedgerEntry
from openfloor.audit.queries import entries
from openfloor.ballots import actions, devices, errors, queries, tasks
from openfloor.ballots.models import Ballot, BoardEvent, Trustee
from openfloor.workplace.queries import roles_of
from workrules.mandates import Condition

P = ParamSpec("P")

pytestmark = pytest.mark.django_db

WHICH_DAYS = {
    "question": "On which days?",
    "answers": ["Friday", "Saturday", "Sunday"],
    "min": 0,
    "max": 2,
    "blank": False,
}


def kinds(called: Called) -> list[str]:
    return list(BoardEvent.objects.filter(ballot=called.ballot).values_list("kind", flat=True))


def test_close_ends_the_board_and_adds_up() -> None:
    called = ballot_in_state("closed", votes=(YES, NO))

    ballot = called.ballot
    assert kinds(called) == ["Setup", "Ballot", "Ballot", "EndBallots", "EncryptedTally"]
    assert (ballot.published_height, ballot.published_at) == (4, None)
    assert actions.close_if_due(ballot, now=called.later()) is False
    assert actions.add_up(ballot) is False
    entry = LedgerEntry.objects.get(kind="ballot_closed")
    assert json.loads(entry.payload or "")["ballots"] == 2


@pytest.mark.parametrize("group", ["BELENIOS-2048", "Ed25519"])
def test_tally_and_count_prove_no_more_for_many_papers_than_for_one(group: str) -> None:
    people = make_committee(3)
    proven = []
    for voters in ((1,), (1, 2, 3)):
        called = ballot_in_state("open", people=people, group=group)
        for voter in voters:
            called.vote(voter, YES)
        proven.append(proofs_in(called.close))
        for trustee in called.trustees[: called.ballot.threshold]:
            part = called.part_of(trustee)
            texts = (part.partial, part.bound_proofs, part.head_signature)
            proven[-1] += proofs_in(actions.hand_in_decryption, trustee, *texts, called.later())
        assert called.reload().state == "counted"

    assert proven[0] == proven[1]
    assert proven[0]["holds"] > 0


def proofs_in(deed: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> Counter[str]:
    """How often everything runs that proves something, a number's membership of the group included."""
    proving = {"check", "examine", "holds", "element", "power", "power_generator", "shared_powers"}
    calls: Counter[str] = Counter()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name in proving:
            module = frame.f_globals.get("__name__", "")
            calls[frame.f_code.co_name] += module.startswith("openballot.")

    sys.setprofile(note)
    try:
        deed(*args, **kwargs)
    finally:
        sys.setprofile(None)
    return calls


def test_ballot_never_closes_early() -> None:
    called = ballot_in_state("open")

    just_before = called.ballot.closes_at - timedelta(seconds=1)

    assert actions.close_if_due(called.ballot, now=just_before) is False
    assert called.reload().state == "open"


def test_last_of_all_trustees_counts_the_ballot() -> None:
    called = ballot_in_state("closed", votes=(YES, BLANK, NO), **OWN_KEYS)

    counted = [called.decrypt(trustee) for trustee in called.trustees]

    ballot = called.reload()
    archive = queries.archive_of(ballot, published_only=True)
    report = verifier.verify(archive, require="counted")
    assert counted == [False, False, True]
    assert (ballot.state, ballot.result, report.result) == ("counted", [[1, 1, 1]], [[1, 1, 1]])
    assert report.verdict == "valid"
    payload = json.loads(LedgerEntry.objects.get(kind="ballot_counted").payload or "")
    assert (payload["counts"], payload["papers"], payload["unmet"]) == ([[1, 1, 1]], 3, ["approval"])


@pytest.mark.parametrize(
    ("votes", "result", "unmet"),
    [
        ((), [[0, 0, 0]], (Condition.TURNOUT, Condition.APPROVAL)),
        ((YES,), [[0, 1, 0]], (Condition.TURNOUT,)),
        ((YES, BLANK), [[1, 1, 0]], ()),
        ((YES, NO), [[0, 1, 1]], (Condition.APPROVAL,)),
    ],
)
def test_outcome_names_what_the_count_leaves_unmet(
    votes: Sequence[Sequence[Sequence[int]]], result: list[list[int]], unmet: tuple[Condition, ...]
) -> None:
    ballot = ballot_in_state("counted", votes=votes).ballot

    outcome = queries.outcome(ballot)

    assert outcome == queries.Outcome(
        counts=result, papers=len(votes), entitled=3, approval_applies=True, unmet=unmet
    )


def test_choice_of_several_in_rfc_3526_is_counted_without_approval() -> None:
    people = make_committee(3)
    two_questions = [WHICH_DAYS, {**WHICH_DAYS, "answers": ["Morning", "Night"], "max": 1, "blank": True}]
    votes = ([[1, 0, 1], [0, 0, 1]], [[0, 0, 0], [1, 0, 0]])

    called = ballot_in_state(
        "counted", people=people, group="RFC-3526-2048", questions=two_questions, votes=votes
    )

    outcome = queries.outcome(called.ballot)
    assert outcome.counts == [[1, 0, 1], [1, 0, 1]]
    assert (outcome.approval_applies, outcome.papers, outcome.unmet) == (False, 2, ())


def test_replaced_papers_are_counted_once() -> None:
    called = ballot_in_state("open")
    for answers in (YES, YES, NO):
        called.vote(1, answers)
    called.close()
    called.count()

    outcome = queries.outcome(called.ballot)

    assert (outcome.counts, outcome.papers) == ([[0, 0, 1]], 1)


def test_part_made_with_another_key_is_refused() -> None:
    called = ballot_in_state("closed")
    trustee = called.trustees[0]
    right = called.part_of(trustee)
    called.trustee_keys[1] = devices.TrusteeKey.draw("BELENIOS-2048")
    wrong = called.part_of(trustee)

    for partial, proofs in [
        (wrong.partial, wrong.bound_proofs),
        (right.partial, wrong.bound_proofs),
        (wrong.partial, right.bound_proofs),
        (right.partial + " ", right.bound_proofs),
        (right.partial, ""),
        ("{}", "{}"),
    ]:
        with pytest.raises(errors.BadDecryption):
            actions.hand_in_decryption(trustee, partial, proofs, right.head_signature, now=called.now)

    kept = Trustee.objects.get(pk=trustee.pk)
    assert (kept.partial_decryption, kept.sent_bad_part) == (None, True)
    assert "PartialDecryption" not in kinds(called)


def test_part_without_the_trustees_signature_under_this_head_is_refused() -> None:
    called = ballot_in_state("closed")
    first, second, _ = called.trustees
    part, other = called.part_of(first), called.part_of(second)

    with pytest.raises(errors.BadSignature):
        actions.hand_in_decryption(
            first, part.partial, part.bound_proofs, other.head_signature, now=called.now
        )

    assert Trustee.objects.get(pk=first.pk).head_signature is None


def test_same_part_again_changes_nothing_and_another_is_refused() -> None:
    called = ballot_in_state("closed")
    trustee = called.trustees[0]
    part, another = called.part_of(trustee), called.part_of(trustee)

    for _ in range(2):
        actions.hand_in_decryption(
            trustee, part.partial, part.bound_proofs, part.head_signature, now=called.now
        )
    with pytest.raises(errors.AlreadyHandedIn):
        actions.hand_in_decryption(
            trustee, another.partial, another.bound_proofs, another.head_signature, now=called.now
        )

    assert kinds(called).count("PartialDecryption") == 1
    assert Trustee.objects.get(pk=trustee.pk).partial_decryption == part.partial


@pytest.mark.parametrize(
    ("state", "refusal"),
    [("open", errors.StillOpen), ("counted", errors.NotClosed), ("frozen", errors.NotClosed)],
)
def test_parts_are_taken_only_after_the_close(state: str, refusal: type[errors.BallotError]) -> None:
    called = ballot_in_state(state)

    with pytest.raises(refusal):
        actions.hand_in_decryption(called.trustees[0], "{}", "{}", "00" * 64, now=called.now)


def test_parts_wait_until_the_ballots_are_added_up() -> None:
    called = ballot_in_state("open")
    called.now = called.ballot.closes_at
    actions.close_if_due(called.ballot, now=called.now)

    with pytest.raises(errors.TallyBeingMade):
        actions.hand_in_decryption(called.trustees[0], "{}", "{}", "00" * 64, now=called.now)
    tasks.tick(called.now)

    assert kinds(called) == ["Setup", "EndBallots", "EncryptedTally"]


def test_device_refuses_a_board_whose_tally_is_not_that_of_its_ballots() -> None:
    called = ballot_in_state("open")
    called.vote(1, YES)
    honest = queries.archive_of(called.ballot, published_only=False)
    called.vote(2, NO)
    called.close()
    one_ballot_tally = honest + b"".join(
        queries.bytes_of(event, queries.timestamp_of(called.ballot))
        for event in rechained(called, after=honest)
    )

    with pytest.raises(devices.BoardDiffers):
        devices.decrypt(called.trustee_keys[1], called.person(1).keys, 1, one_ballot_tally)


def rechained(called: Called, *, after: bytes) -> list[BoardEvent]:
    """The end of the board put after another beginning, so that only the tally is wrong."""
    parent, height = read_archive(after).head, len(read_archive(after).events)
    events = []
    for row in BoardEvent.objects.filter(ballot=called.ballot, kind__in=["EndBallots", "EncryptedTally"]):
        payload = hash_hex(row.data[-1]) if row.data else None
        text = event(parent, height, row.kind, payload)
        events.append(BoardEvent(kind=row.kind, data=row.data, text=text))
        parent, height = hash_hex(text), height + 1
    return events


def test_count_goes_on_after_a_crash_between_the_last_part_and_the_result() -> None:
    called = ballot_in_state("closed")
    for trustee in called.trustees[:2]:
        called.decrypt(trustee)
    BoardEvent.objects.filter(kind="Result").delete()
    Ballot.objects.update(state="closed", result=None, published_height=7)

    tasks.tick(called.later())

    assert called.reload().state == "counted"
    assert kinds(called)[-1] == "Result"
    assert kinds(called).count("Result") == 1


def test_archive_that_does_not_verify_is_never_published_as_counted() -> None:
    called = ballot_in_state("closed")
    first, last, _ = called.trustees
    called.decrypt(first)
    part = called.part_of(last)
    forge_a_paper(called)

    with pytest.raises(errors.ArchiveDoesNotHold):
        actions.hand_in_decryption(last, part.partial, part.bound_proofs, part.head_signature, now=called.now)

    assert called.reload().state == "closed"
    assert "Result" not in kinds(called)


def forge_a_paper(called: Called) -> None:
    """Somebody with the database open changes one paper and leaves the rest alone."""
    row = BoardEvent.objects.get(ballot=called.ballot, height=1)
    row.data = [row.data[0].replace('"challenge":"', '"challenge":"1', 1)]
    row.save()


# What a carried count does by itself


@pytest.mark.parametrize(
    ("kind", "number", "role", "before", "after"),
    [
        ("give_role", 3, "organiser", set(), {"organiser"}),
        ("end_role", 3, "teller", {"teller"}, set()),
    ],
)
def test_carried_ballot_gives_or_ends_the_role_its_charter_names(
    kind: str, number: int, role: str, before: set[str], after: set[str]
) -> None:
    called = ballot_in_state("closed", effect={"kind": kind, "number": number, "role": role})
    member = called.person(number).member
    assert roles_of(member) & {role} == before

    called.count()

    assert roles_of(member) & {role} == after
    last = entries(called.people.committee.pk).filter(kind__startswith="role_").last()
    assert last is not None
    assert f'"by_ballot":"{called.ballot.uuid}"' in str(last.payload)


def test_first_elected_organiser_follows_the_founder() -> None:
    called = ballot_in_state("closed", effect={"kind": "give_role", "number": 2, "role": "organiser"})

    called.count()

    assert {number for number in (1, 2) if "organiser" in roles_of(called.person(number).member)} == {2}


def test_ballot_that_does_not_carry_changes_no_role() -> None:
    effect = {"kind": "give_role", "number": 3, "role": "organiser"}
    called = ballot_in_state("closed", votes=(YES, NO, NO), effect=effect)

    called.count()

    assert called.ballot.state == "counted"
    assert "organiser" not in roles_of(called.person(3).member)


def test_count_goes_on_when_the_role_was_given_back_meanwhile() -> None:
    called = ballot_in_state("closed", effect={"kind": "end_role", "number": 3, "role": "organiser"})

    called.count()

    assert called.ballot.state == "counted"
