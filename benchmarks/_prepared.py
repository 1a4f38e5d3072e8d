"""A data folder with a committee and an open ballot, for the benchmarks that need a server."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

sys.path[:0] = [str(Path(__file__).parents[1] / "tests")]

if TYPE_CHECKING:
    from factories.ballots import Called


def open_ballot(data: Path, members: int, *, group: str = "BELENIOS-2048") -> "Called":
    """Fill the empty folder *data*. Once a process: Django is set up for this folder."""
    _set_up(data)
    from factories.ballots import ballot_in_state

    return ballot_in_state(
        "open", members=members, group=group, closes_at=datetime.now(UTC) + timedelta(days=1)
    )


def open_to_a_crowd(data: Path, members: int, papers: int, *, group: str) -> tuple[str, list[bytes]]:
    """The same for tens of thousands; the ballot's uuid, and papers of so many of them."""
    _set_up(data)
    from factories.crowd import open_to_a_crowd

    crowd = open_to_a_crowd(members, group=group, closes_at=datetime.now(UTC) + timedelta(days=1))
    return crowd.called.ballot.uuid, list(crowd.papers(list(crowd.scalars)[:papers]))


def public_session(data: Path) -> tuple[str, str]:
    """A bargaining session that everybody may read: its address, and the cookie of who takes its notes."""
    _set_up(data)
    from factories.bargaining import contract, session
    from factories.everybody import signed_in
    from factories.workplace import make_committee

    organiser = make_committee(3, founded_on=datetime.now(UTC).date() - timedelta(days=60)).members[0]
    sitting = session(organiser.member, contract(organiser.member), audience="public")
    cookie = signed_in(organiser).cookies["sessionid"].value
    return f"/bargaining/sessions/{sitting.pk}/", f"sessionid={cookie}"


def bound(data: Path) -> "Called":
    """A ballot that carried a week ago, and is a mandate; pages can be asked for in this process."""
    _set_up(data)
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    from factories.ballots import ballot_in_state
    from factories.mandates import asked_after
    from factories.workplace import make_committee

    now = datetime.now(UTC)
    people = make_committee(founded_on=now.date() - timedelta(days=60))
    closes_at = now - timedelta(days=7)
    return ballot_in_state("counted", people=people, mandate=asked_after(closes_at), closes_at=closes_at)


def _set_up(data: Path) -> None:
    os.environ["OPENFLOOR_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "openfloor.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
