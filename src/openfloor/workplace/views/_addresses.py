"""Where a page leads on to, as its address asks: only ever to a page of ours."""

from django.utils.http import url_has_allowed_host_and_scheme


def safe_target(target: str) -> str:
    """Only a path of our own, and never a page that ends where it began."""
    ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if ours and target.startswith("/") else "/"
