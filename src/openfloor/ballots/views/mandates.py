"""What we decided, against what was done: for members, and for everybody where the committee shows it."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openfloor.audit.queries import head as ledger_head
from openfloor.ballots import actions, errors, permissions
from openfloor.ballots.mandate_words import breach_in_words, card_of
from openfloor.ballots.models import Mandate, MandateBreach, MandateEvent
from openfloor.ballots.queries import mandates as queries
from openfloor.ballots.queries.electorate import entitled_now
from openfloor.ballots.telling import TakeBackForm, TellForm, fresh, of_event
from openfloor.ui.errors import Refusal
from openfloor.workplace import queries as workplace
from openfloor.workplace.models import Committee
from openfloor.workplace.signin import MemberRequest, member_required

A_PAGE = 50

T = TypeVar("T")


@require_safe
@member_required
def mandates(request: MemberRequest) -> HttpResponse:
    committee = request.member.committee
    return render(
        request,
        "ballots/mandates.html",
        {
            **_cards(request, committee),
            "may_show": permissions.may_call(request.member),
            "are_public": queries.are_public(committee),
        },
    )


@require_safe
@member_required
def mandates_sheet(request: MemberRequest) -> HttpResponse:
    return _sheet(request, request.member.committee)


@require_POST
@member_required
def mandates_openness(request: MemberRequest) -> HttpResponse:
    """Show the mandates to everybody, or to members alone again."""
    if not permissions.may_call(request.member):
        raise PermissionDenied
    to_everybody = request.POST.get("to") == "everybody"
    actions.show_mandates(request.member, to_everybody=to_everybody, now=timezone.now())
    messages.success(
        request, _("Everybody can see them now.") if to_everybody else _("Only members can see them now.")
    )
    return redirect("mandates")


@require_safe
def public_mandates(request: HttpRequest, committee: UUID) -> HttpResponse:
    shown = _public(committee)
    return render(request, "ballots/mandates_public.html", {"committee": shown, **_cards(request, shown)})


@require_safe
def public_mandates_sheet(request: HttpRequest, committee: UUID) -> HttpResponse:
    return _sheet(request, _public(committee))


@require_safe
@member_required
def mandate(request: MemberRequest, uuid: str) -> HttpResponse:
    found = _mandate(request, uuid)
    (told,) = queries.with_their_story([found])
    return render(
        request,
        "ballots/mandate.html",
        {"card": card_of(told), "head": queries.head_of_board(found.ballot)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def mandate_tell(request: MemberRequest, uuid: str) -> HttpResponse:
    found = _mandate(request, uuid)
    form = _tell_form(request, found, initial=fresh(timezone.now()))
    return _tell(request, found, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def mandate_correct(request: MemberRequest, pk: int) -> HttpResponse:
    event = _event(request, pk)
    asked = queries.asked_of(event.mandate)
    form = _tell_form(request, event.mandate, initial=of_event(event, asked))
    return _tell(request, event.mandate, form, event)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def mandate_take_back(request: MemberRequest, pk: int) -> HttpResponse:
    event = _event(request, pk)
    return _tell(request, event.mandate, TakeBackForm(request.POST or None), event, takes_back=True)


@require_POST
@member_required
def mandate_confirm(request: MemberRequest, pk: int) -> HttpResponse:
    event = _event(request, pk)
    if request.POST.get("names_nobody") != "on":
        messages.error(request, _("Say that it names no person and that you saw the source."))
        return redirect("mandate", event.mandate.ballot.uuid)
    return _done(
        request,
        event,
        lambda: actions.confirm_event(event, request.member, now=timezone.now()),
        _("It stands in the ledger now."),
    )


@require_POST
@member_required
def mandate_drop(request: MemberRequest, pk: int) -> HttpResponse:
    event = _event(request, pk)
    return _done(request, event, lambda: actions.drop_event(event, request.member), _("It is taken back."))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def mandate_override(request: MemberRequest, pk: int) -> HttpResponse:
    """Call for a vote on a breach; the page says what it would ask and how many calls it takes."""
    breach = _breach(request, pk)
    now = timezone.now()
    if request.method == "POST":
        try:
            vote = actions.call_for_vote(breach, request.member, now)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("mandate", breach.mandate.ballot.uuid)
        if vote is None:
            messages.success(request, _("You have called for a vote. It comes when enough of us have."))
            return redirect("mandate", breach.mandate.ballot.uuid)
        messages.success(request, _("It is put to all of us."))
        return redirect("ballot", vote.uuid)
    return render(
        request,
        "ballots/override.html",
        {
            "breach": breach,
            "said": breach_in_words(breach),
            "calls": breach.calls.count(),
            "needed": queries.calls_needed(entitled_now(request.member.committee, now)),
            "is_organiser": permissions.may_call(request.member),
            "is_put_to_vote": queries.is_put_to_vote(breach),
            "has_called": breach.calls.filter(member=request.member).exists(),
        },
    )


def _tell(
    request: MemberRequest,
    mandate: Mandate,
    form: Any,
    corrects: MandateEvent | None,
    *,
    takes_back: bool = False,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            actions.enter_event(mandate, request.member, form.happened(corrects), now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. It counts once another member has confirmed it."))
            return redirect("mandate", mandate.ballot.uuid)
    return render(
        request,
        "ballots/tell.html",
        {"mandate": mandate, "form": form, "corrects": corrects, "takes_back": takes_back},
    )


def _done(request: MemberRequest, event: MandateEvent, deed: Any, sentence: str) -> HttpResponse:
    try:
        deed()
    except errors.NotYours as refusal:
        raise PermissionDenied from refusal
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, sentence)
    return redirect("mandate", event.mandate.ballot.uuid)


def _tell_form(request: MemberRequest, mandate: Mandate, *, initial: dict[str, Any]) -> TellForm:
    return TellForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        zone=workplace.zone(mandate.committee),
        asked=queries.asked_of(mandate),
        votes=queries.votes_since(mandate),
    )


def _cards(request: HttpRequest, committee: Committee) -> dict[str, Any]:
    page = Paginator(queries.mandates_of(committee), A_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "cards": [card_of(mandate) for mandate in queries.with_their_story(page)]}


def _sheet(request: HttpRequest, committee: Committee) -> HttpResponse:
    return render(
        request,
        "ballots/mandates_sheet.html",
        {
            "committee": committee,
            "now": timezone.now(),
            "ledger_head": ledger_head(committee.pk),
            **_cards(request, committee),
        },
    )


def _mandate(request: MemberRequest, uuid: str) -> Mandate:
    return _there(lambda: queries.mandate_at(request.member, uuid))


def _event(request: MemberRequest, pk: int) -> MandateEvent:
    return _there(lambda: queries.event_at(request.member, pk))


def _breach(request: MemberRequest, pk: int) -> MandateBreach:
    return _there(lambda: queries.breach_at(request.member, pk))


def _public(committee: UUID) -> Committee:
    return _there(lambda: queries.committee_that_shows(committee))


def _there(find: Callable[[], T]) -> T:
    """What *find* finds, or the page that says that nothing is there."""
    try:
        return find()
    except errors.NoSuchMandate as error:
        raise Http404 from error
