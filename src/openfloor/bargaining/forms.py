"""What an organiser types about contracts. What has to be read line by line is said to be so."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from openfloor.bargaining.actions import Terms
from openfloor.bargaining.models import Contract
from openfloor.bargaining.notices import Notice, UnreadableNotice, as_lines, read_notices
from openfloor.bargaining.queries import notices_of
from openfloor.workplace.models import Committee, Unit

MOST_PEOPLE = 100_000_000


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(**options: Any) -> forms.DateField:
    return forms.DateField(widget=DayInput(), input_formats=["%Y-%m-%d"], **options)


class UnitsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, unit: Any) -> str:
        return f"{unit.site.name}: {unit.name}"


class ContractForm(forms.Form):
    """One contract, whole."""

    title = forms.CharField(label=_("What is it called?"), max_length=120)
    employer = forms.CharField(label=_("Employer"), max_length=120)
    workers = forms.CharField(
        label=_("Our side"), max_length=120, help_text=_("The union, association or committee that signs it.")
    )
    units = UnitsField(
        label=_("Which of our units does it cover?"), queryset=Unit.objects.none(), required=False
    )
    others_covered = forms.CharField(label=_("Who else is covered?"), max_length=300, required=False)
    people = forms.IntegerField(
        label=_("How many people in all?"), min_value=1, max_value=MOST_PEOPLE, required=False
    )
    starts_on = day_field(label=_("It starts on"), required=False)
    expires_on = day_field(
        label=_("It runs out on"),
        required=False,
        help_text=_("The last day. Leave it empty where the contract names no end."),
    )
    no_strike = forms.ChoiceField(
        label=_("Does it forbid strikes while it lasts?"), choices=Contract.NoStrike.choices
    )
    no_strike_text = forms.CharField(
        label=_("What the clause says, word by word"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    notices = forms.CharField(
        label=_("Notices that must be given before its end"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: how many days before, a colon, what and to whom. “90: to the employer”"),
    )

    def __init__(self, *args: Any, committee: Committee, **options: Any) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})
        field = self.fields["units"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  narrows the type
        field.queryset = Unit.objects.filter(site__committee=committee).select_related("site")

    def clean_notices(self) -> tuple[Notice, ...]:
        try:
            return read_notices(self.cleaned_data["notices"])
        except UnreadableNotice as error:
            raise ValidationError(
                _("Line %(line)s is not days, a colon and what it is. Write “90: to the employer”."),
                params={"line": error.line},
            ) from error

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        starts_on, expires_on = values.get("starts_on"), values.get("expires_on")
        if starts_on and expires_on and starts_on >= expires_on:
            self.add_error("expires_on", ValidationError(_("It must run out after it starts.")))
        return values

    def terms(self) -> Terms:
        return Terms(**{**self.cleaned_data, "units": tuple(self.cleaned_data["units"])})


def of_contract(contract: Contract) -> dict[str, Any]:
    """The form's values of a contract."""
    names = ("title", "employer", "workers", "others_covered", "people", "starts_on", "expires_on")
    return {
        **{name: getattr(contract, name) for name in names},
        "no_strike": contract.no_strike,
        "no_strike_text": contract.no_strike_text,
        "units": list(contract.units.values_list("pk", flat=True)),
        "notices": as_lines(notices_of(contract)),
    }
