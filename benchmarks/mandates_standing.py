"""Where 10,000 mandates stand, each with 100 events: the pure rules, against reading the events from JSON.

Reading is what anybody does before holding anything against a mandate: from text to lists and numbers. The
rules take events with exact shares; making those of what was read is in neither time. One mandate in ten
is changed by a vote in the middle; the others bind until they expire after their last event.
"""

import json
import random
import time
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from workrules.mandates import Authority, Bound, Breach, Deed, Event, Mandate, Standing, Term, standing

MANDATES, EVENTS, SEED = 10_000, 100, 5
DECIDED_AT = datetime(2026, 9, 12, 20, tzinfo=UTC)
DAY = timedelta(days=1)
FLOOR = Fraction(31, 100)
MANDATE = Mandate(
    decided_at=DECIDED_AT,
    terms=(
        Term(measure="wages.total", bound=Bound.AT_LEAST, value=FLOOR),
        Term(measure="wages.yearly", bound=Bound.AT_LEAST, value=Fraction(6, 100)),
        Term(measure="patients_per_nurse.telemetry", bound=Bound.AT_MOST, value=Fraction(4)),
    ),
    action_by=DECIDED_AT + 20 * DAY,
    expires_at=DECIDED_AT + (EVENTS + 2) * DAY,
)


def main() -> None:
    chance = random.Random(SEED)
    reading = judging = 0.0
    for number in range(MANDATES):
        events = [event(number, place, chance) for place in range(EVENTS)]
        text = json.dumps([as_json(each) for each in events])
        began = time.process_time()
        json.loads(text)
        read = time.process_time()
        found = standing(MANDATE, events, now=DECIDED_AT + 2 * EVENTS * DAY)
        judged = time.process_time()
        reading, judging = reading + read - began, judging + judged - read
        check(found, events)
    print(f"{MANDATES:,} mandates with {EVENTS} events each, CPU time:")
    print(f"  reading them {reading:.2f} s, holding them against the mandates {judging:.2f} s")
    print(f"  ratio {judging / reading:.2f}")


def event(number: int, place: int, chance: random.Random) -> Event:
    """An offer, mostly; a strike that begins late; a vote in the middle that changes every tenth."""
    at, reference = DECIDED_AT + (place + 1) * DAY, f"{place:010}"
    if place == EVENTS // 2 and number % 10 == 0:
        return Event(at=at, reference=reference, deed=Deed.CHANGED, authority=Authority.SAME_RULE)
    if place == 30:
        return Event(at=at, reference=reference, deed=Deed.BEGAN)
    numbers = {
        "wages.total": (Fraction(chance.randint(20, 40), 100),),
        "wages.yearly": tuple(Fraction(chance.randint(6, 9), 100) for _ in range(4)),
        "patients_per_nurse.telemetry": (Fraction(4),),
    }
    return Event(at=at, reference=reference, deed=Deed.OFFERED, numbers=numbers)


def as_json(each: Event) -> dict[str, Any]:
    """As an export of the ledger has it."""
    return {
        "at": each.at.isoformat(),
        "reference": each.reference,
        "deed": each.deed.value,
        "authority": each.authority.value,
        "numbers": {
            measure: [list(value.as_integer_ratio()) for value in values]
            for measure, values in each.numbers.items()
        },
    }


def check(found: Standing, events: list[Event]) -> None:
    """Every offer under the floor was found while it bound, and the strike that began too late."""
    until = found.ended_at
    assert until is not None
    low = [
        each for each in events if each.numbers.get("wages.total", (FLOOR,))[0] < FLOOR and each.at < until
    ]
    below = [breach for breach in found.breaches if breach.breach is Breach.OFFER_BELOW]
    assert [breach.reference for breach in below] == [each.reference for each in low]
    assert len(found.breaches) == len(low) + 1


if __name__ == "__main__":
    main()
