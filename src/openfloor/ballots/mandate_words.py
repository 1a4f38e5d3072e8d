"""Mandates in sentences: what was decided, where it stands, and what was done about it."""

from typing import Any

from django.utils.translation import gettext as _

from openfloor.audit.demands import moment_in_words, term_in_words
from openfloor.ballots.mandate import Asked


def asked_in_lines(asked: Asked, zone: str) -> list[str]:
    """What a ballot binds us to, a sentence each."""
    return [
        *[f"{term_in_words(term)}." for term in asked["terms"]],
        *_action_in_words(asked["action"], zone),
        *_end_in_words(asked["expires_at"], zone),
        _who_may_change_it(asked["changed_by"]),
    ]


def _action_in_words(action: dict[str, Any] | None, zone: str) -> list[str]:
    if action is None:
        return []
    when = moment_in_words(action["by"], zone)
    return [_("%(what)s. It must begin by %(when)s.") % {"what": action["what"], "when": when}]


def _end_in_words(expires_at: str | None, zone: str) -> list[str]:
    return [_("It binds until %(when)s.") % {"when": moment_in_words(expires_at, zone)}] if expires_at else []


def _who_may_change_it(changed_by: str) -> str:
    if changed_by == "ballot":
        return _("Any later vote of all of us can change it.")
    return _("Only another vote of all of us under the same rule can change it.")
