"""What a member types about invitations, roles and the workplace. What a device signs comes as JSON."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from openfloor.workplace.models import Committee, Occupation, Role, Site, Unit

LONGEST_NAME = 80
MOST_PEOPLE = 1_000_000
DAYS = ((1, _("1 day")), (3, _("3 days")), (7, _("a week")), (30, _("a month")))


class InvitationForm(forms.Form):
    uses = forms.IntegerField(label=_("How many people may use it?"), min_value=1, max_value=50, initial=1)
    days = forms.TypedChoiceField(label=_("For how long?"), choices=DAYS, coerce=int, initial=7)


class RoleProposal(forms.Form):
    number = forms.IntegerField(label=_("Their entry number"), min_value=1)
    kind = forms.ChoiceField(label=_("The role"), choices=Role.Kind.choices)


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # a generic only in the stubs
    """Units are told apart by their site."""

    def label_from_instance(self, unit: Unit) -> str:
        return f"{unit.site.name}: {unit.name}"


class OfCommittee(forms.Form):
    """A form about one committee's workplace: its choices are that committee's own."""

    def __init__(self, committee: Committee, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}_%s")
        mine: dict[str, QuerySet[Any]] = {
            "site": Site.objects.filter(committee=committee),
            "unit": Unit.objects.filter(site__committee=committee).select_related("site"),
            "occupation": Occupation.objects.filter(committee=committee),
        }
        self.choices = {name: places for name, places in mine.items() if name in self.fields}
        for name, places in self.choices.items():
            cast(Any, self.fields[name]).queryset = places

    def has_choices(self) -> bool:
        """Is there something to choose wherever something has to be chosen?"""
        return all(places.exists() for places in self.choices.values())


def _name(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST_NAME)


def _headcount(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_PEOPLE)


class NewSite(OfCommittee):
    name = _name(_("Name of the site"))


class NewUnit(OfCommittee):
    site = forms.ModelChoiceField(Site.objects.none(), label=_("Site"))
    name = _name(_("Name of the unit"))
    headcount = _headcount(_("How many work there?"))


class NewOccupation(OfCommittee):
    name = _name(_("What people do"))
    headcount = _headcount(_("How many do it?"))


class RenamedSite(OfCommittee):
    site = forms.ModelChoiceField(Site.objects.none(), label=_("Site"))
    name = _name(_("Its new name"))


class ChangedUnit(OfCommittee):
    unit = UnitChoice(Unit.objects.none(), label=_("Unit"))
    name = _name(_("Its name"))
    headcount = _headcount(_("How many work there?"))


class ChangedOccupation(OfCommittee):
    occupation = forms.ModelChoiceField(Occupation.objects.none(), label=_("Occupation"))
    name = _name(_("Its name"))
    headcount = _headcount(_("How many do it?"))
