"""The pages of mandates and of the ledger with 10,000 entries, against the same with 100: time and queries.

A full page of each, the first and the last, through the whole program but the network. Mandates are copies
of one that was really voted on, each with an offer below it and the breach; the ledger's lines are those
that such a ballot leaves, in one chain.
"""

import json
import statistics
import tempfile
import time
from copy import copy
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from _goals import at_most
from _prepared import bound

if TYPE_CHECKING:
    from django.test import Client

    from factories.ballots import Called
    from openfloor.ballots.models import Ballot, Mandate, MandateBreach, MandateEvent

FEW, MANY, ROUNDS, GOAL = 100, 10_000, 25, 1.5
A_BATCH = 500
PAGES = {"/mandates/": 50, "/ledger/": 100}  # and how many stand on one


class Cost(NamedTuple):
    milliseconds: float  # of processor time, the median
    queries: int


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        called = bound(Path(folder))
        client = signed_in(called)
        fill(called, FEW)
        few = {address: dearest(client, address, FEW // on_one) for address, on_one in PAGES.items()}
        fill(called, MANY)
        many = {address: dearest(client, address, MANY // on_one) for address, on_one in PAGES.items()}
    for address in PAGES:
        for entries, cost in ((FEW, few[address]), (MANY, many[address])):
            print(f"{address} of {entries:,}: {cost.milliseconds:.1f} ms, {cost.queries} queries")
        assert few[address].queries == many[address].queries
        ratio = many[address].milliseconds / few[address].milliseconds
        at_most(f"{address} of {MANY:,} entries, against {FEW}", GOAL, ratio)


def signed_in(called: "Called") -> "Client":
    from django.test import Client

    from openfloor.workplace.signin import SESSION_KEY

    client = Client(SERVER_NAME="localhost")
    session = client.session
    session[SESSION_KEY] = str(called.organiser.pk)
    session.save()
    return client


def fill(called: "Called", wanted: int) -> None:
    """As many mandates, and as many lines of the ledger."""
    from django.db import transaction

    from openfloor.audit.models import LedgerEntry
    from openfloor.ballots.models import Mandate

    with transaction.atomic():
        while (there := Mandate.objects.count()) < wanted:
            copy_mandates(called, min(A_BATCH, wanted - there))
        while (there := LedgerEntry.objects.count()) < wanted:
            copy_lines(called, min(A_BATCH, wanted - there))


def copy_mandates(called: "Called", count: int) -> None:
    from openfloor.ballots.models import Ballot, Mandate, MandateBreach, MandateEvent

    ballots = [copy_ballot(called.ballot) for _ in range(count)]
    Ballot.objects.bulk_create(ballots)
    first = Mandate.objects.order_by("pk")[0]
    mandates = Mandate.objects.bulk_create(copy_mandate(first, ballot) for ballot in ballots)
    events = MandateEvent.objects.bulk_create(map(offer_below, mandates))
    MandateBreach.objects.bulk_create(map(breach_by, events))


def copy_ballot(ballot: "Ballot") -> "Ballot":
    from openballot.election import new_uuid

    other = copy(ballot)
    other.pk, other.uuid = uuid4(), new_uuid()
    return other


def copy_mandate(mandate: "Mandate", ballot: "Ballot") -> "Mandate":
    other = copy(mandate)
    other.pk, other.ballot = None, ballot
    return other


def offer_below(mandate: "Mandate") -> "MandateEvent":
    from openfloor.ballots.models import MandateEvent

    at = mandate.decided_at + timedelta(days=1)
    return MandateEvent(
        mandate=mandate,
        deed="offered",
        at=at,
        act="Our side offered 27 %.",
        source="Session 3",
        numbers={"wages.total": [[27, 100]]},
        entered_at=at,
        line=0,
    )


def breach_by(event: "MandateEvent") -> "MandateBreach":
    from openfloor.ballots.models import MandateBreach

    asked = event.mandate.ballot.mandate_asked
    assert asked is not None
    return MandateBreach(
        mandate=event.mandate,
        breach="offer_below",
        event=event,
        at=event.at,
        shortfalls=[{"term": asked["terms"][0], "value": [27, 100]}],
        line=0,
    )


def copy_lines(called: "Called", count: int) -> None:
    from openballot.election import new_uuid
    from openfloor.audit.actions import record
    from openfloor.audit.models import LedgerEntry

    story = [
        entry
        for entry in LedgerEntry.objects.filter(committee_id=called.ballot.committee_id, number__lt=40)
        if entry.payload and json.loads(entry.payload).get("ballot") == called.ballot.uuid
    ]
    for place in range(0, count, len(story)):
        uuid = new_uuid()
        for entry in story[: count - place]:
            payload = json.loads(entry.payload or "") | {"ballot": uuid}
            record(entry.committee_id, entry.kind, payload, now=entry.at)


def dearest(client: "Client", address: str, last: int) -> Cost:
    """The first page or the last, whichever costs more."""
    costs = [cost(client, f"{address}?page={page}") for page in (1, last)]
    return Cost(max(each.milliseconds for each in costs), max(each.queries for each in costs))


def cost(client: "Client", address: str) -> Cost:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    queries = len(asked)
    return Cost(statistics.median(seconds(client, address) for _ in range(ROUNDS)) * 1_000, queries)


def seconds(client: "Client", address: str) -> float:
    began = time.process_time()
    client.get(address)
    return time.process_time() - began


if __name__ == "__main__":
    main()
