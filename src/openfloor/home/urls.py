"""The address of the first page."""

from django.urls import path

from openfloor.home import views

urlpatterns = [path("", views.home, name="home")]
