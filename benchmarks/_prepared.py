"""A data folder with a committee and an open ballot, for the benchmarks that need a server."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

sys.path[:0] = [str(Path(__file__).parents[1] / "tests")]

if TYPE_CHECKING:
    from factories.ballots import Called


def open_ballot(data: Path, members: int) -> "Called":
    """Fill the empty folder *data*. Once a process: Django is set up for this folder."""
    os.environ["OPENFLOOR_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "openfloor.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from factories.ballots import ballot_in_state

    return ballot_in_state("open", members=members, closes_at=datetime.now(UTC) + timedelta(days=1))
