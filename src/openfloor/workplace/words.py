"""The roll in sentences: its rules, and what a verifier found."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openfloor.workplace.roll import Finding, Rules

SENTENCES: dict[str, str | Promise] = {
    "canonical": gettext_lazy("The line is not written in its one exact form."),
    "chain": gettext_lazy(
        "The record does not follow from the one before: something was changed or taken out."
    ),
    "day": gettext_lazy("The day is no real day, or goes back."),
    "committee": gettext_lazy("The record belongs to another committee."),
    "type": gettext_lazy("The record is of no kind that a roll has, or its fields are not the right ones."),
    "rules": gettext_lazy("The rules are missing, cannot work, or were changed later."),
    "number": gettext_lazy("The entry number is on the roll already, or is no number."),
    "key_reused": gettext_lazy("One of the keys is on the roll already."),
    "key_outside_group": gettext_lazy("One of the keys is no key."),
    "possession": gettext_lazy("There is no proof that the member holds the secret of their key."),
    "founding": gettext_lazy("The entry is wrongly called founding, or wrongly not."),
    "vouch_count": gettext_lazy("The entry has not as many vouches as the rules ask for."),
    "voucher_unknown": gettext_lazy(
        "Somebody vouched who was not on the roll, or was objected to, or had left."
    ),
    "voucher_twice": gettext_lazy("The same member vouched twice."),
    "voucher_too_new": gettext_lazy("A member vouched too soon after joining."),
    "voucher_over_quota": gettext_lazy("A member vouched for more people in a month than the rules allow."),
    "vouch_day": gettext_lazy("The day of a vouch cannot be right."),
    "vouch_signature": gettext_lazy("The signature under a vouch does not hold."),
    "vouch_self": gettext_lazy("A member vouched for themselves."),
    "objection": gettext_lazy(
        "The objection does not hold or came too late, or its withdrawal does not hold."
    ),
    "end": gettext_lazy("The member did not sign that they leave, or had left before."),
    "renewal": gettext_lazy("There is no such entry to get a new key, or one waits already."),
    "renewal_stopped": gettext_lazy("Nothing was there to stop any more, or the member did not sign it."),
    "shrunk": gettext_lazy("The roll is shorter than when it was looked at before."),
    "forked": gettext_lazy("The roll is another one than when it was looked at before."),
}


def describe(finding: Finding) -> str:
    """One sentence, with where it is."""
    return f"{_place(finding)}: {SENTENCES[finding.check]}"


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """One rule; `usual` is the number that most committees have, where this one has another."""

    sentence: str
    usual: int | None


def rules_in_words(rules: Rules) -> list[RuleInWords]:
    """What the rules of a roll ask, in the order in which a newcomer meets them."""
    numbers, usual = rules.as_json(), Rules().as_json()
    return [
        RuleInWords(sentence(numbers[name]), usual[name] if numbers[name] != usual[name] else None)
        for name, sentence in RULES.items()
    ]


def differences_of(rules: Rules) -> str:
    """How many rules are not the usual ones."""
    count = sum(rule.usual is not None for rule in rules_in_words(rules))
    if count == 0:
        return _("All of them are the usual ones.")
    return ngettext(
        "%(count)s of them differs from the usual ones.",
        "%(count)s of them differ from the usual ones.",
        count,
    ) % {"count": count}


def _founding_members(count: int) -> str:
    return ngettext(
        "The founder needs no vouch.",
        "The first %(count)s are founding members: the founder needs no vouch, the others need one.",
        count,
    ) % {"count": count}


def _vouches(count: int) -> str:
    return ngettext(
        "Everybody else needs a vouch by %(count)s member.",
        "Everybody else needs vouches by %(count)s members.",
        count,
    ) % {"count": count}


def _vouch_from_day(count: int) -> str:
    if count == 0:
        return _("A new member may vouch at once.")
    return ngettext(
        "A new member may vouch from %(count)s day after joining.",
        "A new member may vouch from %(count)s days after joining.",
        count,
    ) % {"count": count}


def _vouches_a_month(count: int) -> str:
    return ngettext(
        "A member may vouch for %(count)s person in a calendar month.",
        "A member may vouch for %(count)s people in a calendar month.",
        count,
    ) % {"count": count}


def _objection_days(count: int) -> str:
    if count == 0:
        return _("Nobody may object to a new entry, and it votes in the next ballot.")
    return ngettext(
        "For %(count)s day, members may object to a new entry. It votes in ballots called after that.",
        "For %(count)s days, members may object to a new entry. It votes in ballots called after that.",
        count,
    ) % {"count": count}


RULES: dict[str, Callable[[int], str]] = {
    "founding_members": _founding_members,
    "vouches": _vouches,
    "vouch_from_day": _vouch_from_day,
    "vouches_a_month": _vouches_a_month,
    "objection_days": _objection_days,
}


def _place(finding: Finding) -> str:
    if finding.position is None:
        return _("The roll")
    if finding.number is None:
        return _("Record %(position)s") % {"position": finding.position}
    return _("Record %(position)s, entry %(number)s") % {
        "position": finding.position,
        "number": finding.number,
    }
