"""Where somebody new comes in: at the choice of whom to be, since no words of theirs open anything."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from openfloor.workplace.signin import member_of


class EntranceMiddleware:
    """Sends whoever is not signed in from the first page to the choice."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/" and member_of(request) is None:
            return redirect("demonstration")
        return self.get_response(request)
