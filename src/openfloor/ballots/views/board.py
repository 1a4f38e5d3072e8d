"""
What anyone can read and check about a ballot, and where papers are cast: without cookies, without an account.

Nothing here may ask who is signed in: one look at the session would tie a paper to a member.
"""

from http import HTTPStatus
from typing import Any

from csp.decorators import csp_replace
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from openfloor.ballots import actions, queries, results, trackers, words
from openfloor.ballots.models import Ballot
from openfloor.ballots.views.finding import public_ballot, public_head, public_version
from openfloor.ui import policy
from openfloor.ui.errors import Refusal
from openfloor.ui.http import answers_json, json_answer, read_body
from openfloor.ui.kept import Kept
from openfloor.ui.packed import Packed, asked_again, only_if_new

TRACKERS_A_PAGE = 100
LARGEST_PAPER = 1_000_000
MOST_CHECKED_IN_A_BROWSER = 2_000
ARCHIVE = "application/x-tar"

_pages: Kept[Packed] = Kept(most=64)
_setups: Kept[Packed] = Kept(most=4)


class FromElsewhere(Refusal):
    code = "from_elsewhere"
    sentence = _("A page of another site sent this. Nothing was counted; vote on the ballot's own page.")
    status = HTTPStatus.FORBIDDEN


@require_safe
@csp_replace(policy.STARTING_A_WORKER)  # type: ignore[arg-type] # typed for views without arguments
def board(request: HttpRequest, uuid: str) -> HttpResponse:
    version = public_version(uuid)
    if request.GET or not version.is_settled:
        return _board(request, public_ballot(uuid))
    # The same for everybody who comes: a thousand observers at once cost little more than one.
    key = (version, get_language(), request.build_absolute_uri())
    return _pages.get(key, lambda: Packed.of(_board(request, public_ballot(uuid)))).answer(request)


def _board(request: HttpRequest, ballot: Ballot) -> HttpResponse:
    find = request.GET.get("find", "")
    found = trackers.find(queries.trackers_of(ballot), find)
    page = Paginator(found, TRACKERS_A_PAGE).get_page(request.GET.get("page"))
    head = queries.head_of(ballot)
    is_checkable = ballot.opened_at is not None and head["ballots"] <= MOST_CHECKED_IN_A_BROWSER
    address = reverse("board_archive", args=[ballot.uuid, ballot.uuid])
    return render(
        request,
        "ballots/board.html",
        {
            **_about(ballot),
            "head": head,
            "is_mixed": queries.is_mixed(ballot),
            "work": queries.work_of(ballot) if is_checkable else None,
            "page": page,
            "trackers": [trackers.tracker_of(one) for one in page],
            "archive_address": request.build_absolute_uri(address),
            "find": find,
        },
    )


@require_safe
def minutes(request: HttpRequest, uuid: str) -> HttpResponse:
    """What was decided, to print: as public as the board, and only once it is counted."""
    ballot = public_ballot(uuid)
    if ballot.state != Ballot.State.COUNTED:
        raise Http404
    return render(
        request,
        "ballots/minutes.html",
        {
            **_about(ballot),
            "head": queries.head_of(ballot),
            "board_address": request.build_absolute_uri(reverse("board", args=[uuid])),
        },
    )


@require_safe
@answers_json
def board_archive(request: HttpRequest, uuid: str, name: str) -> HttpResponseBase:
    if name != uuid:
        raise Http404
    ballot = public_ballot(uuid)
    archive = queries.archive_file(ballot, published_only=True)
    etag = f'"{queries.head_of(ballot)["head"]}"'
    if (unchanged := only_if_new(request, etag)) is not None:
        return unchanged
    answer = FileResponse(archive, as_attachment=True, filename=f"{uuid}.bel", content_type=ARCHIVE)
    answer.headers["Content-Length"] = str(archive.size)
    return asked_again(answer, etag)


@require_safe
@answers_json
def board_setup(request: HttpRequest, uuid: str) -> HttpResponseBase:
    version = public_version(uuid)
    if not version.is_settled:
        return json_answer(queries.setup_of(public_ballot(uuid)))
    # Megabytes for every voter; they do not follow from the height.
    key = version._replace(published_height=0)
    packed = _setups.get(key, lambda: Packed.of(json_answer(queries.setup_of(public_ballot(uuid)))))
    return packed.answer_if_new(request)


@require_safe
@answers_json
def board_charter(request: HttpRequest, uuid: str) -> HttpResponseBase:
    """The charter's exact text: its SHA-256 stands in the election's description."""
    return HttpResponse(public_ballot(uuid).charter, content_type="application/json")


@require_safe
@answers_json
def board_head(request: HttpRequest, uuid: str) -> HttpResponseBase:
    return json_answer(public_head(uuid))


@require_safe
@answers_json
def board_proofs(request: HttpRequest, uuid: str) -> HttpResponseBase:
    return json_answer(queries.proofs_of(public_ballot(uuid)))


@require_safe
@answers_json
def board_shuffles(request: HttpRequest, uuid: str) -> HttpResponseBase:
    """Who says to have mixed the votes: trustees hold it against the board before they open it."""
    return json_answer(queries.shuffles_of(public_ballot(uuid)))


@csrf_exempt  # the signature in the paper is the permission; there is no cookie to be misused
@require_POST
@answers_json
def board_cast(request: HttpRequest, uuid: str) -> HttpResponseBase:
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise FromElsewhere
    body = read_body(request, limit=LARGEST_PAPER)
    return json_answer(actions.cast(uuid, body, now=timezone.now()).as_json())


def _about(ballot: Ballot) -> dict[str, Any]:
    outcome = queries.outcome(ballot) if ballot.state == Ballot.State.COUNTED else None
    return {
        "ballot": ballot,
        "committee": ballot.committee,
        "badge": words.badge(ballot, outcome),
        "next_step": words.next_step(ballot),
        "rule": words.terms_in_words(ballot),
        "election_hash": queries.board_hash(ballot),
        "setup": queries.signatures_of(ballot),
        "outcome": words.outcome_in_words(ballot, outcome) if outcome else None,
        "verdict": words.badge(ballot, outcome).word if outcome else None,
        "unmet": words.unmet_in_words(ballot, outcome) if outcome else [],
        "results": results.results_of(ballot, outcome) if outcome else [],
        "by_slip": queries.papers_by_slip(ballot),
        "quorum": words.quorum_in_words(ballot.trustees.count(), ballot.threshold),
        "opened": words.opened_in_words(ballot),
        "trustees": [trustee.member.number for trustee in ballot.trustees.select_related("member")],
        "tellers": [teller.member.number for teller in ballot.tellers.select_related("member")],
    }
