"""Every address."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("openfloor.ui.urls")),
    path("", include("openfloor.home.urls")),
    path("", include("openfloor.ballots.urls")),
    path("", include("openfloor.workplace.urls")),
    path("", include("openfloor.bargaining.urls")),
]
if settings.DEMONSTRATION:
    urlpatterns.append(path("demonstration/", include("openfloor.demonstration.urls")))

handler400 = "openfloor.ui.errors.bad_request"
handler403 = "openfloor.ui.errors.forbidden"
handler404 = "openfloor.ui.errors.not_found"
handler500 = "openfloor.ui.errors.server_error"
