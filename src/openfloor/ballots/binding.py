"""What a ballot binds us to, as whoever calls it types it: demands to measure, an action, an end."""

import re
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from openfloor.ballots.charter import moment
from openfloor.ballots.mandate import LARGEST, LONGEST_LINE

ROWS = 5
TOTAL, YEARLY, FIRST, PATIENTS, PERCENT, NUMBER = (
    "wages.total",
    "wages.yearly",
    "wages.first_year",
    "patients_per_nurse",
    "percent",
    "number",
)
MEASURES = (
    ("", _("nothing")),
    (TOTAL, _("the raise over the whole contract, in percent")),
    (YEARLY, _("the raise of each year, in percent")),
    (FIRST, _("the raise of the first year, in percent")),
    (PATIENTS, _("patients to a nurse")),
    (PERCENT, _("something else, in percent")),
    (NUMBER, _("something else, a number")),
)
UNITS = {
    TOTAL: "percent",
    YEARLY: "percent",
    FIRST: "percent",
    PATIENTS: "number",
    PERCENT: "percent",
    NUMBER: "number",
}
BOUNDS = (("", _("choose")), ("at_least", _("at least")), ("at_most", _("at most")))
CHANGED_BY = (
    ("same_rule", _("only another ballot under the same rule, or a stricter one")),
    ("ballot", _("any later ballot of all members that carries")),
)
DECIMAL = re.compile(r"[0-9]{1,6}([.,][0-9]{1,4})?")
SHARE = re.compile(r"([0-9]{1,6})\s?/\s?([0-9]{1,6})")


class ValueField(forms.Field):
    """A number as people write it: 31, 31 %, 5,5 or 2/3. It is kept exactly."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip().removesuffix("%").strip()
        return read_number(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, Fraction) else value


class TermForm(forms.Form):
    """One demand that can be measured. A row without a measure is empty."""

    measure = forms.ChoiceField(label=_("What is measured"), choices=MEASURES, required=False)
    about = forms.CharField(
        label=_("In words"),
        max_length=LONGEST_LINE,
        required=False,
        help_text=_("Such as “Raise over four years” or “Patients to a nurse on telemetry”."),
    )
    bound = forms.ChoiceField(label=_("Which side holds"), choices=BOUNDS, required=False)
    value = ValueField(label=_("How much"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("measure") and not self.errors:
            for name in ("about", "bound", "value"):
                if values[name] in (None, ""):
                    self.add_error(name, ValidationError(_("Write this, or take the measure out.")))
        return values

    def as_term(self) -> dict[str, Any] | None:
        """The term as the charter has it; None of an empty row."""
        values = self.cleaned_data
        if not values.get("measure"):
            return None
        unit = UNITS[values["measure"]]
        value = values["value"] / 100 if unit == "percent" else values["value"]
        return {
            "about": values["about"],
            "measure": _key(values["measure"], values["about"]),
            "bound": values["bound"],
            "unit": unit,
            "numerator": value.numerator,
            "denominator": value.denominator,
        }


class BaseTermFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # not generic at run time
    """The rows that are filled in."""

    def clean(self) -> None:
        if any(self.errors):
            return
        sides = [(term["measure"], term["bound"]) for term in self.terms()]
        if len(set(sides)) != len(sides):
            raise ValidationError(_("The same demand stands there twice."))

    def terms(self) -> list[dict[str, Any]]:
        return [term for form in self.forms if (term := form.as_term()) is not None]


TermFormSet = forms.formset_factory(
    TermForm, formset=BaseTermFormSet, extra=ROWS, max_num=ROWS, validate_max=True, absolute_max=ROWS
)


def asked_of(values: Mapping[str, Any], terms: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What a ballot binds us to, of the clean values of its forms; None where it is nothing."""
    action = values["action_what"]
    if not terms and not action:
        return None
    return {
        "terms": terms,
        "action": {"what": action, "by": moment(values["action_by"])} if action else None,
        "expires_at": moment(values["binds_until"]) if values["binds_until"] else None,
        "changed_by": values["changed_by"] or "same_rule",
    }


def of_asked(asked: Mapping[str, Any] | None) -> dict[str, Any]:
    """The values of a draft but its terms."""
    if asked is None:
        return {}
    action = asked["action"] or {}
    return {
        "action_what": action.get("what", ""),
        "action_by": _moment(action.get("by")),
        "binds_until": _moment(asked["expires_at"]),
        "changed_by": asked["changed_by"],
    }


def of_terms(asked: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The rows of a draft."""
    return [
        {
            "measure": _kind(term),
            "about": term["about"],
            "bound": term["bound"],
            "value": Fraction(term["numerator"], term["denominator"])
            * (100 if term["unit"] == "percent" else 1),
        }
        for term in (asked or {"terms": []})["terms"]
    ]


def read_number(text: str) -> Fraction:
    """31, 5,5 or 2/3; raises ValidationError."""
    if DECIMAL.fullmatch(text):
        return Fraction(text.replace(",", "."))
    share = SHARE.fullmatch(text)
    if share is None or int(share[2]) == 0:
        raise ValidationError(_("Write a number, such as 31, 5.5 or 2/3."))
    return Fraction(int(share[1]), int(share[2]))


def written(value: Fraction) -> str:
    """As it can be read again: a decimal where that is exact, else a fraction."""
    scaled = value * 10_000
    if scaled.denominator != 1 or value > LARGEST:
        return f"{value.numerator}/{value.denominator}"
    return f"{scaled.numerator // 10_000}.{scaled.numerator % 10_000:04}".rstrip("0").rstrip(".")


def _key(measure: str, about: str) -> str:
    if measure in (TOTAL, YEARLY, FIRST):
        return measure
    kind = measure if measure == PATIENTS else "other"
    return f"{kind}.{slugify(about)[:40].strip('-_').replace('_', '-') or 'demand'}"


def _kind(term: Mapping[str, Any]) -> str:
    measure = (
        term["measure"].partition(".")[0] if not term["measure"].startswith("wages") else term["measure"]
    )
    return measure if measure in UNITS else {"percent": PERCENT, "number": NUMBER}[term["unit"]]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
