"""Small files that browsers ask for by themselves."""

from django.urls import path

from openfloor.ui import views

urlpatterns = [
    path("robots.txt", views.robots),
    path("favicon.ico", views.favicon),
    path("site.webmanifest", views.web_manifest, name="web_manifest"),
]
