"""Without a connection: the page a device keeps and the worker that keeps it. No member is in them."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

FILES = (
    "ui/look.css",
    "ui/icon.svg",
    "ui/bundles/offline.js",
    "ui/fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2",
)
WORKER = Path(__file__).parent / "static" / "ui" / "bundles" / "service-worker.js"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/offline.html")


@require_safe
def files(request: HttpRequest) -> JsonResponse:
    return JsonResponse(addresses(), safe=False)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    return HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")


def worker_address() -> str | None:
    """Changes with the release and the language, so that the device keeps the page anew."""
    if settings.DEMONSTRATION:
        return None  # it would stay on localhost when the demonstration is gone
    return worker_address_in(get_language())


def worker_address_in(language: str | None) -> str:
    return f"/service-worker.js?release={_release()}&language={language}"


def addresses() -> list[str]:
    return [static(file) for file in FILES]


@cache
def _release() -> str:
    """The names carry a hash of their content."""
    return sha256("\n".join(addresses()).encode()).hexdigest()[:12]
