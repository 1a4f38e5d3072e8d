"""Addresses of the demonstration. They exist only where it runs."""

from django.urls import path

from openfloor.demonstration import views

urlpatterns = [
    path("", views.personas, name="demonstration"),
    path("as/<slug:role>/", views.persona, name="demonstration_persona"),
    path("trustee-key.json", views.trustee_key, name="demonstration_trustee_key"),
]
