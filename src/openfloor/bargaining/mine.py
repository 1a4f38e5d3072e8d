"""What a member's own browser needs to say what the offers mean for them. Nothing about them comes back."""

from typing import Any

from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _

from openfloor.bargaining import queries, words
from openfloor.bargaining.figures import from_json
from openfloor.bargaining.models import Contract, Proposal
from openfloor.bargaining.worth import DEFAULT_YEARS
from workrules.wages import SERIES


def for_reckoning(contract: Contract) -> dict[str, Any]:
    """
    Every offer of wages in *contract* as plain values: rates, days and money are texts, and exact.

    Of each article what stands comes first (what is agreed alone, where it is), then what was said before.
    """
    articles = queries.articles_with_versions(contract)
    with_offers = [
        {"id": str(article.pk), "name": f"{article.number} · {article.title}", "offers": offers}
        for article in articles
        if (offers := _offers(list(article.proposals.all())))
    ]
    return {
        "articles": with_offers,
        "steps": [step for article in articles for step in _steps(list(article.proposals.all()))],
        "series": _series(),
        "years": DEFAULT_YEARS,
        "decimal_mark": get_format("DECIMAL_SEPARATOR"),
        "thousands_mark": get_format("THOUSAND_SEPARATOR"),
    }


def _offers(versions: list[Proposal]) -> list[dict[str, Any]]:
    """A version that was written down wrongly is none; its correction is."""
    standing = _standing(versions)
    corrected = {proposal.corrects_id for proposal in versions}
    earlier = [
        proposal
        for proposal in reversed(versions)
        if proposal.kind != Proposal.Kind.WITHDRAWN
        and proposal.pk not in corrected
        and proposal not in standing
    ]
    return [
        {
            "side": proposal.side,
            "title": str(words.SIDES[proposal.side]),
            "day": _day(proposal),
            "stands": proposal in standing,
            "figures": proposal.figures,
        }
        for proposal in (*standing, *earlier)
        if proposal.figures.get("raises") or proposal.figures.get("lump_sums")
    ]


def _steps(versions: list[Proposal]) -> list[dict[str, str]]:
    """The scales of pay that stand, each step with who wrote it where."""
    return [
        {
            "name": step.name,
            "pay": str(step.pay),
            "said": f"{words.SIDES[proposal.side]}, {_day(proposal)}",
        }
        for proposal in _standing(versions)
        for step in from_json(proposal.figures).steps
    ]


def _standing(versions: list[Proposal]) -> list[Proposal]:
    now = queries.standing_among(versions)
    numbers = [now.agreed] if now.agreed else [now.ours, now.theirs]
    by_number = {proposal.number: proposal for proposal in versions}
    return [by_number[number] for number in numbers if number]


def _day(proposal: Proposal) -> str:
    return date_format(proposal.made_on, _("j F Y"))


def _series() -> list[dict[str, Any]]:
    return [
        {
            "key": series.key,
            "name": series.name,
            "source": series.source,
            "levels": [[year, str(level)] for year, level in series.levels],
            "incomplete": series.incomplete,
            "unverified": series.unverified,
        }
        for series in SERIES
    ]
