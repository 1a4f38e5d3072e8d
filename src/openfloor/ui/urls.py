"""The language of the pages, and small files that browsers ask for by themselves."""

from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from openfloor.ui import health, offline, views

urlpatterns = [
    path("robots.txt", views.robots),
    path("favicon.ico", views.favicon),
    path("healthz", health.healthz),
    path("offline/", offline.page, name="offline"),
    path("offline.json", offline.files, name="offline_files"),
    path("service-worker.js", offline.worker, name="service_worker"),
    path("site.webmanifest", views.web_manifest, name="web_manifest"),
    # Exempt: pages without a referrer send "Origin: null", and a language is nothing to protect.
    path("language/", csrf_exempt(require_POST(set_language)), name="language"),
]
