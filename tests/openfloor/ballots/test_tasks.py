"""What the clock does, alone, twice, at once and after a crash."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from factories.ballots import NO, OWN_KEYS, YES, Called, ballot_in_state
from factories.workplace import make_committee
from openfloor import env
from openfloor.ballots import actions, blindkey, queries
from openfloor.ballots.models import Ballot, BoardEvent
from openfloor.ballots.tasks import tick


def kinds(called: Called) -> list[str]:
    return list(BoardEvent.objects.filter(ballot=called.ballot).values_list("kind", flat=True))


@pytest.mark.django_db
def test_tick_opens_closes_adds_up_and_erases() -> None:
    people = make_committee(3)
    opens = people.now + timedelta(days=1)
    called = ballot_in_state("frozen", people=people, opens_not_before=opens)
    called.open()

    tick(opens - timedelta(seconds=1))
    assert called.reload().state == "frozen"
    tick(opens)
    assert called.reload().state == "open"
    assert called.ballot.uuid in blindkey.kept()
    tick(called.ballot.closes_at)

    assert called.reload().state == "closed"
    assert kinds(called) == ["Setup", "EndBallots", "EncryptedTally"]
    assert called.ballot.uuid not in blindkey.kept()


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "announced", "frozen", "open", "closed", "counted", "withdrawn"])
def test_tick_with_nothing_due_changes_nothing(state: str) -> None:
    called = ballot_in_state(state)
    tick(called.now)
    before = list(Ballot.objects.values()), list(BoardEvent.objects.values()), blindkey.kept()

    tick(called.now)

    assert (list(Ballot.objects.values()), list(BoardEvent.objects.values()), blindkey.kept()) == before


@pytest.mark.django_db
def test_board_advances_once_a_minute_however_often_it_is_asked() -> None:
    called = ballot_in_state("open")
    opened_at = called.now
    minute = timedelta(seconds=settings.BOARD_SECONDS)
    heights = []

    for paper, seconds in ((YES, 0), (NO, 30), (YES, 59)):
        actions.cast(called.ballot.uuid, called.paper(1, paper), opened_at + timedelta(seconds=seconds))
        tick(opened_at + timedelta(seconds=seconds))
        heights.append(called.reload().published_height)
    for when in (minute, minute, 2 * minute):
        tick(opened_at + when)
        heights.append(called.reload().published_height)

    assert heights == [0, 0, 0, 3, 3, 3]


@pytest.mark.django_db
def test_clock_that_was_set_back_does_not_keep_the_board_still() -> None:
    called = ballot_in_state("open")
    called.now += timedelta(hours=1)
    tick(called.now)
    set_back = called.now - timedelta(minutes=30)
    actions.cast(called.ballot.uuid, called.paper(1, YES), set_back)

    tick(set_back)

    assert called.reload().published_height == 1


@pytest.mark.django_db
def test_tick_names_the_ballots_whose_public_head_has_changed() -> None:
    called = ballot_in_state("open")
    uuid = called.ballot.uuid
    tick(called.now)

    actions.cast(uuid, called.paper(1), called.now)
    unpublished = tick(called.now)
    published = tick(called.later(timedelta(seconds=settings.BOARD_SECONDS)))
    again = tick(called.now)
    # Whoever closes it, another process too, the next tick tells.
    actions.close_if_due(called.reload(), now=called.ballot.closes_at)
    closed = tick(called.ballot.closes_at)

    assert [uuid in changed for changed in (unpublished, published, again, closed)] == [
        False,
        True,
        False,
        True,
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["announced", "closed", "counted", "withdrawn", "uncountable"])
def test_tick_erases_a_k_that_a_crash_left_behind(state: str) -> None:
    called = ballot_in_state(state)
    blindkey.keep(called.ballot.uuid, blindkey.draw())
    blindkey.keep("noSuchBa11otHere", blindkey.draw())

    tick(called.now)

    assert blindkey.kept() & {called.ballot.uuid, "noSuchBa11otHere"} == set()


@pytest.mark.django_db
def test_erasing_overwrites_before_it_removes() -> None:
    path = env.secrets_folder() / "overwritten.k"
    blindkey.keep("overwritten", k := blindkey.draw())
    # A second name for the same file shows what the disk holds afterwards.
    other_name = env.data_folder() / "same-file"
    other_name.hardlink_to(path)

    blindkey.erase("overwritten")
    blindkey.erase("overwritten")

    left = other_name.read_bytes()
    other_name.unlink()
    assert not path.exists()
    assert len(left) == 32
    assert left != k
    with pytest.raises(blindkey.Erased):
        blindkey.read("overwritten")


@pytest.mark.django_db
def test_freeze_goes_on_after_a_crash_behind_the_last_proof() -> None:
    called = ballot_in_state("announced", **OWN_KEYS)
    tests = [called.make_key(trustee) for trustee in called.trustees]
    for trustee, test in zip(called.trustees, tests, strict=True):
        answer = called.trustee_keys[trustee.member.number].open_test(*test)
        trustee.copy_works = answer == trustee.test_answer
        trustee.save()
    # The k of a freeze that was broken off before its transaction ended.
    blindkey.keep(called.ballot.uuid, stale := blindkey.draw())

    tick(called.now)

    assert called.reload().state == "frozen"
    assert blindkey.read(called.ballot.uuid) != stale
    called.open()
    assert called.vote(1).state == "counts"


@pytest.mark.django_db
def test_ballot_that_fails_does_not_keep_the_others_waiting(caplog: pytest.LogCaptureFixture) -> None:
    people = make_committee(3)
    broken = ballot_in_state("open", people=people)
    sound = ballot_in_state("open", people=people, closes_at=people.now + timedelta(days=4))
    broken.vote(1)
    BoardEvent.objects.filter(ballot=broken.ballot, kind="Ballot").update(data=["not a ballot"])

    tick(sound.ballot.closes_at)

    assert kinds(broken) == ["Setup", "Ballot", "EndBallots"]
    assert kinds(sound) == ["Setup", "EndBallots", "EncryptedTally"]
    assert [vars(record)["ballot"] for record in caplog.records] == [broken.ballot.uuid]


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_do_everything_once() -> None:
    called = ballot_in_state("open")
    called.vote(1)
    closes_at = called.ballot.closes_at
    barrier = threading.Barrier(4)

    def run() -> None:
        barrier.wait()
        tick(closes_at)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert kinds(called) == ["Setup", "Ballot", "EndBallots", "EncryptedTally"]
    assert called.reload().published_height == 3
    called.count()
    assert queries.outcome(called.ballot).papers == 1
