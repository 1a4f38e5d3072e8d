"""Makes the data folder of a release, with what its members' devices hold: run by the code of that release.

Everybody in it is made up, and every key is public. README.md says how to run it.
"""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

PASSPHRASE = "four plain quiet words"


def main(folder: Path) -> None:
    """Fill *folder* with `data/`, as a server leaves it, and `devices.json`."""
    os.umask(0o077)
    os.environ["OPENFLOOR_DATA"] = str(folder / "data")
    os.environ["DJANGO_SETTINGS_MODULE"] = "openfloor.settings"
    import django
    from django.core.management import call_command

    from openfloor import env

    env.keep_address()
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    (folder / "devices.json").write_text(json.dumps(play(), indent=1) + "\n", encoding="utf-8")


def play() -> dict[str, Any]:
    """A committee of five with a counted, an open and an announced ballot; what its devices know then."""
    from factories.ballots import BLANK, NO, YES, ballot_in_state
    from factories.workplace import make_committee

    people = make_committee(5)
    counted = ballot_in_state(
        "counted",
        people=people,
        title="Shall we meet on Mondays?",
        closes_at=people.now + timedelta(hours=3),
    )
    people.day += timedelta(days=1)
    voting = ballot_in_state(
        "open",
        people=people,
        title="Shall we strike on Friday?",
        closes_at=people.now + timedelta(days=3),
    )
    replaced = voting.vote(2, NO)
    receipts = [replaced, *(voting.vote(number, how) for number, how in ((1, YES), (2, YES), (3, BLANK)))]
    announced = ballot_in_state(
        "announced",
        people=people,
        title="Shall we march on Saturday?",
        opens_not_before=people.now + timedelta(days=1),
        closes_at=people.now + timedelta(days=4),
    )
    return {
        "committee": str(people.committee.pk),
        "counted": {"uuid": counted.ballot.uuid, "result": counted.ballot.result},
        "open": {
            "uuid": voting.ballot.uuid,
            "closes_at": voting.ballot.closes_at.isoformat(),
            "receipts": [receipt.as_json() for receipt in receipts],
            "key_files": _key_files(voting),
        },
        "announced": {"uuid": announced.ballot.uuid},
        "passphrase": PASSPHRASE,
    }


def _key_files(called: Any) -> dict[int, str]:
    """Each trustee's key file, by entry number."""
    from openfloor.demonstration.keyfile import seal

    ballot = called.ballot
    return {
        number: seal(ballot=ballot.uuid, number=number, group=ballot.group, x=key.x, passphrase=PASSPHRASE)
        for number, key in called.trustee_keys.items()
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
