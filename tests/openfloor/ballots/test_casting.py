"""One ballot paper at a time: what is taken, what is refused, and what then stands on the board."""

import json
import secrets
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from factories.ballots import BLANK, NO, YES, Called, ballot_in_state
from openballot import blinding, schnorr
from openballot.ballots import ballot_hash, make_ballot
from openballot.canonical import compact, hash_base64
from openballot.checks import CHECKS
from openballot.election import Election
from openfloor.ballots import actions, blindkey, errors, queries
from openfloor.ballots.actions.board import append
from openfloor.ballots.models import BoardEvent
from openfloor.workplace.memberkeys import check_signature


def papers(called: Called) -> list[str]:
    """What stands on the board, in order."""
    return [event.data[-1] for event in BoardEvent.objects.filter(ballot=called.ballot, kind="Ballot")]


@pytest.mark.django_db
def test_paper_stands_on_the_board_and_gets_a_signed_receipt() -> None:
    called = ballot_in_state("open")
    paper = called.paper(1)

    receipt = called.cast(paper)

    event = BoardEvent.objects.get(ballot=called.ballot, height=1)
    ballot = called.reload()
    assert event.data == [paper.decode()]
    assert receipt.as_json() == {
        "receipt": {
            "type": "openfloor/receipt/1",
            "ballot": ballot.uuid,
            "election_hash": queries.board_hash(ballot),
            "ballot_hash": ballot_hash(paper.decode()),
            "event": event.hash,
            "height": 1,
            "ledger_head": ballot.opening_ledger_head,
        },
        "signature": receipt.signature,
        "state": "counts",
    }
    assert check_signature(ballot.committee.board_key, receipt.receipt, receipt.signature)


@pytest.mark.django_db
def test_fifty_papers_of_a_credential_are_the_most_and_the_last_still_counts() -> None:
    called = ballot_in_state("open")
    called.vote(1)
    credential = str(BoardEvent.objects.get(ballot=called.ballot, kind="Ballot").credential)
    for number in range(48):
        append(called.ballot, "Ballot", str(number), credential=credential, tracker=str(number))
    last = called.paper(1)
    assert called.cast(last).state == "counts"

    with pytest.raises(errors.TooManyPapers):
        called.vote(1)

    assert BoardEvent.objects.filter(ballot=called.ballot, kind="Ballot").count() == 50
    assert called.cast(last).state == "counts"
    assert called.vote(2).state == "counts"


@pytest.mark.django_db
def test_same_bytes_get_the_same_receipt_even_after_the_close() -> None:
    called = ballot_in_state("open")
    paper = called.paper(1)

    first, again = called.cast(paper), called.cast(paper)
    called.close()
    after = called.cast(paper)

    assert first == again == after
    assert papers(called) == [paper.decode()]


@pytest.mark.django_db
def test_earlier_paper_is_replaced_and_sending_it_again_does_not_bring_it_back() -> None:
    called = ballot_in_state("open")
    earlier, later = called.paper(1, YES), called.paper(1, NO)

    receipts = [called.cast(earlier), called.cast(later), called.cast(earlier), called.cast(later)]

    assert [receipt.state for receipt in receipts] == ["counts", "counts", "replaced", "counts"]
    assert receipts[0].receipt == receipts[2].receipt
    assert papers(called) == [earlier.decode(), later.decode()]


def _changed(called: Called, change: Callable[[dict[str, Any]], None]) -> bytes:
    paper = json.loads(called.paper(1))
    change(paper)
    return compact(paper).encode()


def _changed_and_signed(called: Called, change: Callable[[dict[str, Any]], None]) -> bytes:
    """What the voter's own device could send: the signature holds for the changed paper."""
    ballot = called.reload()
    election = Election.parse(ballot.election or "")
    group, person = election.group, called.person(1)
    key_text = person.keys.public()["credentials"][group.name]
    n_hex = queries.blind_nonce(ballot, person.member)
    s = blinding.blinded_scalar(
        group, election.uuid, key_text, n_hex, person.keys.credential_scalar(group.name)
    )
    paper = json.loads(make_ballot(election, s, YES))
    del paper["signature"]
    change(paper)
    signed_hash = hash_base64(compact(paper))
    proof = schnorr.prove(group, s, lambda a: f"sig|{signed_hash}|{a}", secrets.token_bytes)
    return compact({**paper, "signature": {"hash": signed_hash, "proof": proof.as_json()}}).encode()


def _leave_the_group(paper: dict[str, Any]) -> None:
    # A number of the field, but no element of its subgroup.
    paper["answers"][0]["choices"][0]["alpha"] = "2"


def _break_a_proof(paper: dict[str, Any]) -> None:
    proof = paper["answers"][0]["overall_proof"][0]
    proof["response"] = str(int(proof["response"]) // 2)


def _grow_a_scalar(paper: dict[str, Any]) -> None:
    paper["answers"][0]["overall_proof"][0]["response"] = "9" * 77


@pytest.mark.django_db
def test_paper_is_refused_by_name_and_nothing_is_counted() -> None:
    called = ballot_in_state("open")
    election = Election.parse(called.ballot.election or "")
    paper, other = called.paper(1), json.loads(called.paper(1, NO))
    key_on_the_roll = called.person(1).keys.credential_scalar(called.ballot.group)
    bodies = {
        "empty": (b"", "not_json"),
        "no text": (b"\xff\xfe", "not_json"),
        "a deep well": (b"[" * 200_000, "not_json"),
        "cut short": (paper[:-1], "not_json"),
        "of 1,000,001 bytes": (b" " * 1_000_001, "too_large"),
        "without fields": (b"{}", "not_canonical"),
        "with a line feed": (paper + b"\n", "not_canonical"),
        "with a space": (paper.replace(b",", b", ", 1), "not_canonical"),
        "with a field more": (_changed(called, lambda paper: paper.update(time="noon")), "not_canonical"),
        "with a scalar above q": (_changed_and_signed(called, _grow_a_scalar), "not_canonical"),
        "of another ballot": (ballot_in_state("open", people=called.people).paper(1), "wrong_election"),
        "of a stranger": (make_ballot(election, 12345, YES).encode(), "unknown_credential"),
        # Not blinded: on the board it would name its voter.
        "under the key on the roll": (
            make_ballot(election, key_on_the_roll, YES).encode(),
            "unknown_credential",
        ),
        "with another's answer": (
            _changed(called, lambda paper: paper.update(answers=other["answers"])),
            "bad_signature",
        ),
        "outside the group": (_changed_and_signed(called, _leave_the_group), "outside_group"),
        "with a broken proof": (_changed_and_signed(called, _break_a_proof), "bad_proof"),
    }

    codes = {}
    for name, (body, _) in bodies.items():
        with pytest.raises(errors.BallotError) as refused:
            called.cast(body)
        codes[name] = refused.value.code

    assert codes == {name: code for name, (_, code) in bodies.items()}
    assert papers(called) == []


def test_every_check_of_a_paper_has_its_refusal() -> None:
    of_papers = {check for check in CHECKS if check.startswith("ballot_")}

    # The board itself answers a repeated paper with its receipt.
    assert of_papers - {"ballot_repeated"} == set(errors.PAPER_REFUSALS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("draft", "no_such_ballot"),
        ("withdrawn", "no_such_ballot"),
        ("announced", "not_yet_open"),
        ("frozen", "not_yet_open"),
        ("closed", "closed"),
        ("counted", "closed"),
        ("uncountable", "closed"),
    ],
)
def test_casting_is_refused_before_and_after(state: str, code: str) -> None:
    called = ballot_in_state(state)
    before = BoardEvent.objects.count()

    with pytest.raises(errors.BallotError) as refused:
        called.cast(b"{}")

    assert refused.value.code == code
    assert BoardEvent.objects.count() == before


@pytest.mark.django_db
def test_casting_at_an_unknown_address_is_refused() -> None:
    called = ballot_in_state("draft")

    with pytest.raises(errors.NoSuchBallot):
        actions.cast("11111111111111", b"{}", now=called.now)


@pytest.mark.django_db
def test_first_paper_after_the_close_closes_the_ballot() -> None:
    called = ballot_in_state("open")
    late = called.paper(2)
    called.vote(1)
    called.now = called.ballot.closes_at - timedelta(minutes=1)

    with pytest.raises(errors.Closed):
        called.cast(late)

    assert called.reload().state == "closed"
    assert called.ballot.uuid not in blindkey.kept()
    assert len(papers(called)) == 1


@pytest.mark.django_db
def test_last_second_still_counts() -> None:
    called = ballot_in_state("open")
    paper = called.paper(1)

    called.now = called.ballot.closes_at - timedelta(minutes=1, seconds=30)

    assert called.cast(paper).state == "counts"


@pytest.mark.django_db
def test_time_spent_on_checking_counts_towards_the_close() -> None:
    called = ballot_in_state("open")
    paper = called.paper(1)

    # Checking takes milliseconds; this paper comes one before the end.
    with pytest.raises(errors.Closed):
        actions.cast(called.ballot.uuid, paper, now=called.ballot.closes_at - timedelta(milliseconds=1))

    assert called.reload().state == "closed"
    assert papers(called) == []


@pytest.mark.django_db
def test_board_chains_every_paper_to_the_one_before() -> None:
    called = ballot_in_state("open")

    for number, answers in ((1, YES), (2, BLANK), (3, NO)):
        called.vote(number, answers)

    events = list(BoardEvent.objects.filter(ballot=called.ballot))
    assert [event.height for event in events] == [0, 1, 2, 3]
    parents = [json.loads(event.text).get("parent") for event in events]
    assert parents == [None, *(event.hash for event in events[:-1])]


def _at_once(*deeds: Callable[[], object]) -> list[object]:
    """Run every deed in a thread of its own; what each returned or raised."""
    results: list[object] = [None] * len(deeds)
    barrier = threading.Barrier(len(deeds))

    def run(index: int, deed: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[index] = deed()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_papers_cast_at_once_all_stand_in_one_chain() -> None:
    called = ballot_in_state("open")
    bodies = [called.paper(number) for number in (1, 2, 3)]
    uuid, now = called.ballot.uuid, called.now

    receipts = _at_once(*(lambda body=body: actions.cast(uuid, body, now) for body in bodies))

    assert all(isinstance(receipt, actions.Receipt) for receipt in receipts), receipts
    assert sorted(papers(called)) == sorted(body.decode() for body in bodies)
    assert list(BoardEvent.objects.values_list("height", flat=True).order_by("height")) == [0, 1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_same_paper_cast_at_once_stands_once_with_one_receipt() -> None:
    called = ballot_in_state("open")
    body = called.paper(1)
    uuid, now = called.ballot.uuid, called.now

    receipts = _at_once(*[lambda: actions.cast(uuid, body, now)] * 3)

    assert receipts[0] == receipts[1] == receipts[2]
    assert papers(called) == [body.decode()]


@pytest.mark.django_db(transaction=True)
def test_paper_and_close_at_once_leave_a_sound_board() -> None:
    called = ballot_in_state("open")
    body = called.paper(1)
    ballot, closes_at = called.ballot, called.ballot.closes_at
    just_before = closes_at - timedelta(seconds=5)

    receipt, closed = _at_once(
        lambda: actions.cast(ballot.uuid, body, just_before), lambda: actions.close_if_due(ballot, closes_at)
    )

    assert closed is True
    kinds = list(BoardEvent.objects.order_by("height").values_list("kind", flat=True))
    if isinstance(receipt, errors.Closed):
        assert kinds == ["Setup", "EndBallots"]
    else:
        assert isinstance(receipt, actions.Receipt)
        assert kinds == ["Setup", "Ballot", "EndBallots"]
