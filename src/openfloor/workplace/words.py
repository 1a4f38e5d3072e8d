"""What a verifier of the roll found, in sentences."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openfloor.workplace.roll import Finding

SENTENCES: dict[str, str | Promise] = {
    "canonical": gettext_lazy("The line is not written in its one exact form."),
    "chain": gettext_lazy(
        "The record does not follow from the one before: something was changed or taken out."
    ),
    "day": gettext_lazy("The day is no real day, or goes back."),
    "committee": gettext_lazy("The record belongs to another committee."),
    "type": gettext_lazy("The record is of no kind that a roll has, or its fields are not the right ones."),
    "rules": gettext_lazy("The rules are missing or cannot work."),
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
    "objection": gettext_lazy("The objection, or its withdrawal, does not hold."),
    "end": gettext_lazy("The member did not sign that they leave, or had left before."),
    "shrunk": gettext_lazy("The roll is shorter than when it was looked at before."),
    "forked": gettext_lazy("The roll is another one than when it was looked at before."),
}


def describe(finding: Finding) -> str:
    """One sentence, with where it is."""
    return f"{_place(finding)}: {SENTENCES[finding.check]}"


def _place(finding: Finding) -> str:
    if finding.position is None:
        return _("The roll")
    if finding.number is None:
        return _("Record %(position)s") % {"position": finding.position}
    return _("Record %(position)s, entry %(number)s") % {
        "position": finding.position,
        "number": finding.number,
    }
