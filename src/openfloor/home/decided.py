"""What we decided, what still binds first and then the latest, each with where its mandate stands."""

from typing import Any

from django.db.models import Exists, OuterRef

from openfloor.ballots import queries, words
from openfloor.ballots.mandate_words import standing_of_ballots
from openfloor.ballots.models import Ballot, Mandate
from openfloor.workplace.models import Member

MOST = 3


def decided_by(member: Member) -> list[dict[str, Any]]:
    counted = queries.ballots_visible_to(member).filter(state=Ballot.State.COUNTED, practice=False)
    binds = Exists(Mandate.objects.filter(ballot=OuterRef("pk"), state=Mandate.State.BINDING))
    ordered = counted.select_related("committee").order_by(binds.desc(), "-closes_at")
    latest = list(ordered[:MOST])
    papers = queries.papers_counted(latest)
    mandates = standing_of_ballots(latest)
    return [
        {
            "ballot": ballot,
            "mandate": mandates.get(ballot.pk),
            "badge": words.badge(ballot, outcome),
            "outcome": words.outcome_in_words(ballot, outcome),
            "unmet": words.unmet_in_words(ballot, outcome),
        }
        for ballot in latest
        for outcome in [queries.outcome(ballot, papers.get(ballot.pk, 0))]
    ]
