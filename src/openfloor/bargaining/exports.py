"""Everything that was put forward about a contract, as CSV for a spreadsheet and as JSON for programs."""

import csv
import io
from typing import Any

from openfloor.bargaining import figures as written
from openfloor.bargaining.figures import Figures, exactly, from_json
from openfloor.bargaining.models import Contract, Proposal
from openfloor.bargaining.queries import says
from openfloor.bargaining.shown import ShownArticle
from workrules.wages import compounded, headline

COLUMNS = (
    *("article", "title", "version", "side", "kind", "made_on", "stands", "corrects", "reason", "source"),
    *("term_starts_on", "term_ends_on", "in_force_from", "raises", "raises_added_up_percent"),
    *("raises_compounded_percent", "lump_sums", "ratios", "steps", "text", "hash"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(articles: list[ShownArticle]) -> str:
    """One row a version."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    for each in articles:
        for version in each.article.proposals.all():
            writer.writerow([_harmless(value) for value in _row(each, version)])
    return sheet.getvalue()


def as_json(contract: Contract, articles: list[ShownArticle]) -> dict[str, Any]:
    """Each version as its hash covers it, with the hash (docs/specs/ledger.md)."""
    return {
        "contract": {
            "id": str(contract.pk),
            "title": contract.title,
            "employer": contract.employer,
            "workers": contract.workers,
            "starts_on": contract.starts_on and contract.starts_on.isoformat(),
            "expires_on": contract.expires_on and contract.expires_on.isoformat(),
            "no_strike": contract.no_strike,
            "notices": contract.notices,
        },
        "articles": [
            {
                "id": str(each.article.pk),
                "number": each.article.number,
                "title": each.article.title,
                "state": each.standing.state.value,
                "stands": {
                    "ours": each.standing.ours,
                    "theirs": each.standing.theirs,
                    "agreed": each.standing.agreed,
                },
                "versions": [_version(version) for version in each.article.proposals.all()],
            }
            for each in articles
        ],
    }


def _version(version: Proposal) -> dict[str, Any]:
    return {**says(version), "written_by": version.written_by.number, "hash": version.hash}


def _row(each: ShownArticle, version: Proposal) -> list[Any]:
    numbers = from_json(version.figures)
    stands = version.number in (each.standing.ours, each.standing.theirs, each.standing.agreed)
    return [
        each.article.number,
        each.article.title,
        version.number,
        version.side,
        version.kind,
        version.made_on,
        "yes" if stands else "no",
        version.corrects.number if version.corrects else "",
        version.reason,
        version.source,
        numbers.starts_on or "",
        numbers.ends_on or "",
        numbers.effective_on or "",
        written.raises_as_lines(numbers),
        *_totals(numbers),
        written.lump_sums_as_lines(numbers),
        written.ratios_as_lines(numbers),
        written.steps_as_lines(numbers),
        version.text,
        version.hash,
    ]


def _totals(numbers: Figures) -> list[str]:
    rates = [each.rate for each in numbers.raises]
    return [exactly(total * 100) for total in (headline(rates), compounded(rates))] if rates else ["", ""]


def _harmless(value: Any) -> Any:
    """A spreadsheet runs what begins like a formula: it gets an apostrophe before it."""
    is_formula = isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA)
    return f"'{value}" if is_formula else value
