"""Finding what an address names. What a member may not see is not there: 404, never 403."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from openfloor.bargaining import permissions, queries
from openfloor.bargaining.models import Article, Contract, Proposal, Session
from openfloor.workplace.signin import MemberRequest


def visible_contract(request: MemberRequest, contract_id: UUID) -> Contract:
    return get_object_or_404(queries.contracts_visible_to(request.member), pk=contract_id)


def visible_article(request: MemberRequest, article_id: UUID) -> Article:
    return get_object_or_404(queries.articles_visible_to(request.member), pk=article_id)


def visible_proposal(request: MemberRequest, proposal_id: UUID) -> Proposal:
    return get_object_or_404(queries.proposals_visible_to(request.member), pk=proposal_id)


def visible_session(request: MemberRequest, session_id: UUID) -> Session:
    return get_object_or_404(queries.sessions_visible_to(request.member), pk=session_id)


def refuse_unless_writing(request: MemberRequest) -> None:
    if not permissions.may_write_down(request.member):
        raise PermissionDenied
