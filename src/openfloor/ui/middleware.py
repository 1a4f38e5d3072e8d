"""What a browser may do with our answers, beyond the CSP. Board pages are public: they send no referrer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from openfloor.ui import errors, policy


class PolicyMiddleware:
    """Sets the fixed headers, and gives a bare "405" its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            response = errors.method_not_allowed(request, response.headers["Allow"])
        for name, value in policy.HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        # Not elsewhere: under no-referrer forms come with "Origin: null", which the CSRF check refuses.
        if request.path.startswith("/board/"):
            response.headers["Referrer-Policy"] = "no-referrer"
        return response
