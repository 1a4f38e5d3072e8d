"""The languages of the pages. Django's own data lacks Tagalog, and phones call it Filipino."""

from django.conf import locale

LANGUAGES = [("en", "English"), ("es", "Español"), ("tl", "Tagalog")]
UNREAD = frozenset(("es", "tl"))  # not yet read by a native speaker
DAYS_KEPT = 400  # browsers keep no cookie longer


def add_missing() -> None:
    """Tell Django what it does not know of a language: its name, its direction, what else it is called."""
    locale.LANG_INFO["tl"] = {"bidi": False, "code": "tl", "name": "Tagalog", "name_local": "Tagalog"}
    for other_name in ("fil", "fil-ph"):
        locale.LANG_INFO[other_name] = {"fallback": ["tl"]}
