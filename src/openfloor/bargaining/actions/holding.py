"""What our side puts forward, held at once against what the members decided."""

from datetime import datetime, time

from django.urls import reverse
from django.utils.translation import gettext as _

from openfloor.ballots.actions import record_offer
from openfloor.ballots.queries.mandates import asked_of, mandates_that_bind
from openfloor.bargaining.demands import numbers_for
from openfloor.bargaining.figures import from_json
from openfloor.bargaining.models import Proposal
from openfloor.workplace import queries as workplace


def hold_against_mandates(version: Proposal, now: datetime) -> None:
    """
    A number below a floor stands in the ledger in the same transaction as the version itself.

    A correction takes the place of what the wrong version said; of a breach only once another member confirms it.
    """
    if version.side == Proposal.Side.THEIRS:
        return
    at = _made_at(version, now)
    terms = [
        term for mandate in mandates_that_bind(version.committee, at) for term in asked_of(mandate)["terms"]
    ]
    record_offer(
        version.committee,
        numbers_for(from_json(version.figures), terms),
        reference=str(version.pk),
        by=version.written_by,
        instead_of=str(version.corrects_id) if version.corrects_id else None,
        at=at,
        act=_in_words(version),
        source=f"{reverse('article', args=[version.article_id])}#version-{version.number}",
        now=now,
    )


def _made_at(version: Proposal, now: datetime) -> datetime:
    """Of an earlier day its beginning: what may have been said before the members decided is no breach."""
    zone = workplace.zone(version.committee)
    began = datetime.combine(version.made_on, time(), zone)
    return now if version.made_on == now.astimezone(zone).date() else began


def _in_words(version: Proposal) -> str:
    if version.corrects is not None:
        sentence = _(
            "Version %(wrong)s of article %(article)s was written down wrongly; it was version %(number)s."
        )
        return sentence % {
            "wrong": version.corrects.number,
            "article": version.article,
            "number": version.number,
        }
    sentence = (
        _("We agreed on article %(article)s, version %(number)s, for now.")
        if version.side == Proposal.Side.BOTH
        else _("We put forward article %(article)s, version %(number)s.")
    )
    return sentence % {"article": version.article, "number": version.number}
