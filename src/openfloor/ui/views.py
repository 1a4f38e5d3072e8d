"""What a browser asks for by itself: never about one committee, for strangers read it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

A_DAY = 60 * 60 * 24


@require_safe
@cache_control(max_age=A_DAY)
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@require_safe
@cache_control(max_age=A_DAY)
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(static("ui/icon.svg"))


@require_safe
@cache_control(max_age=A_DAY)
def web_manifest(request: HttpRequest) -> HttpResponse:
    return JsonResponse(
        {
            "name": "Openfloor",
            "short_name": "Openfloor",
            "id": "/",
            "start_url": "/",
            "display": "minimal-ui",
            "background_color": "#fbf9f4",
            "theme_color": "#fbf9f4",
            "icons": [
                {"src": static("ui/icon-192.png"), "sizes": "192x192", "type": "image/png"},
                {"src": static("ui/icon-512.png"), "sizes": "512x512", "type": "image/png"},
                {
                    "src": static("ui/icon.svg"),
                    "sizes": "any",
                    "type": "image/svg+xml",
                    "purpose": "maskable",
                },
            ],
        },
        content_type="application/manifest+json",
    )
