"""What went wrong, in words. Error pages are drawn without the request: it may be what is broken."""

import sys
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openfloor.ui import storage


class Refusal(Exception):
    """
    Something a member asked for and cannot have, with what they can do about it.

    Subclasses set `code`, `sentence` and, where 409 is wrong, `status`. Values fill the
    sentence's %(name)s places and travel with the code to the browser.
    """

    code = "refused"
    sentence: str | Promise = _("That cannot be done now. Nothing was changed.")
    status: int = HTTPStatus.CONFLICT

    def __init__(self, **values: str | int) -> None:
        super().__init__(values)
        self.values = values

    def __str__(self) -> str:
        return str(self.sentence) % self.values if self.values else str(self.sentence)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return problem(
        request,
        HTTPStatus.BAD_REQUEST,
        _("This request cannot be understood"),
        _("Nothing was changed. Go back, reload the page and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(
        request,
        HTTPStatus.FORBIDDEN,
        _("This is not yours to do"),
        _("You can see this page, but another member has to do this. Nothing was changed."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return problem(
        request,
        HTTPStatus.FORBIDDEN,
        _("This page was open for too long"),
        _("Nothing was changed. Go back, reload the page and send it again."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(
        request,
        HTTPStatus.NOT_FOUND,
        _("There is no such page"),
        _("The address may have a typing error, or the page is for members who are signed in."),
    )


def method_not_allowed(request: HttpRequest, allow: str) -> HttpResponse:
    response = problem(
        request,
        HTTPStatus.METHOD_NOT_ALLOWED,
        _("This address cannot be used in this way"),
        _("Nothing was changed. Go back and use the buttons of the page."),
    )
    response.headers["Allow"] = allow
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    return problem(
        request,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        _("This is too large to send"),
        _("Nothing was changed. Send something shorter."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    obstacle = storage.obstacle_in(sys.exception())
    if obstacle == storage.Obstacle.FULL:
        return problem(
            request,
            HTTPStatus.INSUFFICIENT_STORAGE,
            _("There is no room left on this server"),
            _(
                "What you sent may not be saved. What was saved before is still there. Tell an organiser; "
                "then try again."
            ),
        )
    if obstacle == storage.Obstacle.BUSY:
        return problem(
            request,
            HTTPStatus.SERVICE_UNAVAILABLE,
            _("Too much is being saved at once"),
            _("What you sent may not be saved. What was saved before is still there. Try again in a minute."),
        )
    return problem(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Something broke on our side"),
        _(
            "What was saved before is still there. Try again in a minute; if it breaks again, tell an "
            "organiser."
        ),
    )


def problem(request: HttpRequest, status: HTTPStatus, title: Promise, sentence: Promise) -> HttpResponse:
    """A page for people, JSON for our own scripts."""
    wants_json = "application/json" in request.headers.get("Accept", "")
    if wants_json or request.content_type == "application/json":
        error = {"code": status.name.lower(), "sentence": f"{title}. {sentence}"}
        return JsonResponse({"error": error}, status=status)
    page = {"title": title, "sentence": sentence, "demonstration": settings.DEMONSTRATION}
    return HttpResponse(render_to_string("ui/problem.html", page), status=status)
