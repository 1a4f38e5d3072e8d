"""What a browser may do with our answers, beyond the CSP. Board pages are public: no referrer, no cookies."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from openfloor.ui import errors, policy


class PolicyMiddleware:
    """Sets the fixed headers, and gives a bare "405" its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_public = request.path.startswith("/board/")
        if is_public:
            _forget_caller(request)
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            response = errors.method_not_allowed(request, response.headers["Allow"])
        for name, value in policy.HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        # Not elsewhere: under no-referrer forms come with "Origin: null", which the CSRF check refuses.
        if is_public:
            response.headers["Referrer-Policy"] = "no-referrer"
            response.cookies.clear()
        return response


def _forget_caller(request: HttpRequest) -> None:
    """Of the cookies a browser sends along, only its language is known where papers are cast."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    request.COOKIES = {} if chosen is None else {settings.LANGUAGE_COOKIE_NAME: chosen}
    request.META.pop("HTTP_COOKIE", None)
