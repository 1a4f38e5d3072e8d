"""JSON in and out. Input is refused, never repaired."""

import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, NoReturn, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext_lazy as _

from openfloor.ui.errors import Refusal

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)


class NotJson(Refusal):
    code = "not_json"
    sentence = _("What was sent is not JSON that we can read. Nothing was changed.")
    status = HTTPStatus.BAD_REQUEST


class TooLarge(Refusal):
    code = "too_large"
    sentence = _("What was sent is too large. Nothing was changed.")
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class NotForYou(Refusal):
    code = "forbidden"
    sentence = _("This is not yours to do. Nothing was changed.")
    status = HTTPStatus.FORBIDDEN


class NotHere(Refusal):
    code = "not_found"
    sentence = _("There is nothing at this address. Nothing was changed.")
    status = HTTPStatus.NOT_FOUND


def read_body(request: HttpRequest, *, limit: int = 1_000_000) -> bytes:
    """The body of a JSON request as it came; raises NotJson or TooLarge."""
    if request.content_type != "application/json":
        raise NotJson
    body = request.read(limit + 1)  # more than the framework would take, where more is to be expected
    if len(body) > limit:
        raise TooLarge
    return body


def read_json(request: HttpRequest, *, limit: int = 1_000_000) -> Any:
    """The value in a JSON request: no NaN, no name twice in one object; raises NotJson or TooLarge."""
    body = read_body(request, limit=limit)
    try:
        return json.loads(body.decode(), object_pairs_hook=_unique_names, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise NotJson from error


def json_answer(value: Any, status: int = HTTPStatus.OK) -> JsonResponse:
    return JsonResponse(value, status=status, safe=False)


def json_refusal(refusal: Refusal) -> JsonResponse:
    error = {"code": refusal.code, "sentence": str(refusal), **refusal.values}
    return json_answer({"error": error}, refusal.status)


def answers_json(
    view: Callable[Concatenate[R, P], HttpResponseBase],
) -> Callable[Concatenate[R, P], HttpResponseBase]:
    """Refusals, 403 and 404 leave the view as {"error": {"code", "sentence"}}."""

    @wraps(view)
    def answer(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return json_refusal(refusal)
        except PermissionDenied:
            return json_refusal(NotForYou())
        except Http404:
            return json_refusal(NotHere())

    return answer


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
