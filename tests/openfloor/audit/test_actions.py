"""The ledger as it is written, on a real database."""

import json
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from openfloor.audit import chain, queries
from openfloor.audit.actions import record, remove_payload
from openfloor.audit.errors import NothingToRemove
from openfloor.audit.models import LedgerEntry

NOW = datetime(2031, 5, 1, 7, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.django_db
def test_record_writes_what_the_verifier_accepts() -> None:
    committee = uuid4()

    record(committee, "committee_founded", {"name": "Harbor"}, now=NOW)
    record(committee, "role_given", {"number": 2, "role": "teller"}, now=NOW + timedelta(hours=1))

    lines = list(queries.export_lines(committee))
    assert chain.verify_export(lines, queries.head(committee)) == []
    assert [json.loads(line)["entry"]["at"] for line in lines] == [
        "2031-05-01T07:00:00Z",
        "2031-05-01T08:00:00Z",
    ]
    assert [json.loads(line)["payload"] for line in lines] == [
        {"name": "Harbor"},
        {"number": 2, "role": "teller"},
    ]


@pytest.mark.django_db
def test_record_keeps_committees_apart() -> None:
    one, other = uuid4(), uuid4()

    record(one, "committee_founded", {}, now=NOW)
    record(other, "committee_founded", {}, now=NOW)

    assert [entry.number for entry in queries.entries(one)] == [0]
    assert [entry.number for entry in queries.entries(other)] == [0]
    assert queries.head(one) != queries.head(other)


@pytest.mark.django_db
def test_record_never_goes_back_in_time_when_the_clock_does() -> None:
    committee = uuid4()
    record(committee, "committee_founded", {}, now=NOW)

    record(committee, "role_given", {}, now=NOW - timedelta(days=1))

    assert chain.verify_export(queries.export_lines(committee)) == []


@pytest.mark.django_db
def test_record_salts_every_payload_anew() -> None:
    committee = uuid4()

    first = record(committee, "role_given", {"number": 2}, now=NOW)
    second = record(committee, "role_given", {"number": 2}, now=NOW)

    assert json.loads(first.text)["payload_hash"] != json.loads(second.text)["payload_hash"]


@pytest.mark.django_db
def test_record_goes_when_the_deed_it_records_fails() -> None:
    committee = uuid4()

    @transaction.atomic
    def fail() -> None:
        record(committee, "committee_founded", {}, now=NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert queries.head(committee) is None


@pytest.mark.django_db
def test_remove_payload_leaves_a_ledger_that_holds() -> None:
    committee = uuid4()
    record(committee, "ballot_withdrawn", {"reason": "Jo Smith of 4 West said so"}, now=NOW)
    seen = queries.head(committee)

    remove_payload(committee, 0, reason="it named a person", now=NOW)

    lines = list(queries.export_lines(committee))
    assert chain.verify_export(lines, seen) == []
    assert "Jo Smith" not in "".join(lines)
    assert json.loads(lines[1])["payload"] == {"number": 0, "reason": "it named a person"}


@pytest.mark.django_db
def test_remove_payload_refuses_what_has_none_or_is_a_removal() -> None:
    committee = uuid4()
    record(committee, "ballot_withdrawn", {"reason": "…"}, now=NOW)
    remove_payload(committee, 0, reason="it named a person", now=NOW)
    before = list(queries.export_lines(committee))

    for number in (0, 1, 2):
        with pytest.raises(NothingToRemove):
            remove_payload(committee, number, reason="again", now=NOW)

    assert list(queries.export_lines(committee)) == before


@pytest.mark.django_db
def test_payload_without_its_salt_is_refused_by_the_database() -> None:
    entry = record(uuid4(), "committee_founded", {}, now=NOW)
    entry.salt = None

    with pytest.raises(IntegrityError, match="ledger_payload_and_salt_go_together"), transaction.atomic():
        entry.save()


@pytest.mark.django_db(transaction=True)
def test_record_from_many_threads_makes_one_chain() -> None:
    committee = uuid4()
    together = Barrier(6)

    def write(committee: UUID) -> None:
        together.wait()
        for _ in range(5):
            record(committee, "role_given", {}, now=NOW)
        connection.close()

    threads = [Thread(target=write, args=(committee,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert LedgerEntry.objects.filter(committee_id=committee).count() == 30
    assert chain.verify_export(queries.export_lines(committee)) == []
