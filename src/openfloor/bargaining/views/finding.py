"""Finding what an address names. What a member may not see is not there: 404, never 403."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from openfloor.bargaining import permissions, queries
from openfloor.bargaining.models import Article, Contract, Proposal, Session
from openfloor.workplace.signin import MemberRequest, member_of, member_required


def visible_contract(request: MemberRequest, contract_id: UUID) -> Contract:
    return get_object_or_404(queries.contracts_visible_to(request.member), pk=contract_id)


def visible_article(request: MemberRequest, article_id: UUID) -> Article:
    return get_object_or_404(queries.articles_visible_to(request.member), pk=article_id)


def visible_proposal(request: MemberRequest, proposal_id: UUID) -> Proposal:
    return get_object_or_404(queries.proposals_visible_to(request.member), pk=proposal_id)


def visible_session(request: MemberRequest, session_id: UUID) -> Session:
    return get_object_or_404(queries.sessions_visible_to(request.member), pk=session_id)


def for_readers(view: Callable[[HttpRequest, Session], HttpResponse]) -> Callable[..., HttpResponseBase]:
    """A page about a session: without signing in where that is open to everybody, for its members else."""

    @member_required
    def of_members(request: MemberRequest, session: UUID) -> HttpResponse:
        return view(request, visible_session(request, session))

    @require_safe
    @wraps(view)
    def of_session(request: HttpRequest, session: UUID) -> HttpResponseBase:
        found = queries.public_session(session)
        return of_members(request, session) if found is None else view(request, found)

    return of_session


def is_ours(request: HttpRequest, session: Session) -> bool:
    """Does a member of the session's own committee ask?"""
    member = member_of(request)
    return member is not None and member.committee_id == session.committee_id


def refuse_unless_writing(request: MemberRequest) -> None:
    if not permissions.may_write_down(request.member):
        raise PermissionDenied
