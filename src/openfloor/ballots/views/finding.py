"""Finding what an address names. What a member may not see is not there: 404, never 403."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.http import Http404

from openfloor.ballots import errors, queries
from openfloor.ballots.models import Ballot, Teller, Trustee
from openfloor.ui.http import NotJson
from openfloor.workplace.signin import MemberRequest


def visible_ballot(request: MemberRequest, uuid: str) -> Ballot:
    try:
        return queries.ballot_by_uuid(request.member, uuid)
    except errors.NoSuchBallot as error:
        raise Http404 from error


def own_trusteeship(request: MemberRequest, ballot: Ballot) -> Trustee:
    """The member's own key to this ballot; PermissionDenied for everybody else."""
    return ballot.trustees.filter(member=request.member).first() or _refuse()


def own_tellership(request: MemberRequest, ballot: Ballot) -> Teller:
    return ballot.tellers.filter(member=request.member).first() or _refuse()


def public_ballot(uuid: str) -> Ballot:
    with _not_here():
        return queries.public_ballot(uuid)


def public_version(uuid: str) -> queries.Version:
    with _not_here():
        return queries.version_at(uuid)


def public_head(uuid: str) -> dict[str, Any]:
    with _not_here():
        return queries.head_at(uuid)


@contextmanager
def _not_here() -> Iterator[None]:
    try:
        yield
    except errors.NoSuchBallot as error:
        raise Http404 from error


def texts_of(value: Any, *names: str) -> list[str]:
    """Exactly these fields of a JSON object, all of them texts; raises NotJson."""
    if not isinstance(value, Mapping) or set(value) != set(names):
        raise NotJson
    texts = [value[name] for name in names]
    if not all(isinstance(text, str) for text in texts):
        raise NotJson
    return texts


def _refuse() -> NoReturn:
    raise PermissionDenied
