"""What a member types to say that something was done about a mandate."""

import re
from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from openfloor.audit.demands import term_in_words
from openfloor.ballots.actions import Happened
from openfloor.ballots.binding import read_number, read_share, written
from openfloor.ballots.mandate import Asked, numbers_of, pairs_of
from openfloor.ballots.models import Ballot, MandateEvent
from openfloor.ui.moments import MomentField
from workrules.mandates import Deed

MOST_VALUES = 20
VALUE = re.compile(r"[^\s;%]+(?:\s*%)?")
OFFERS = (Deed.OFFERED.value, Deed.SIGNED.value)  # of which it can be said how much


def act_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=300,
        help_text=_("One sentence. It names an act and never a person; it stays in the ledger for good."),
    )


def source_field() -> forms.CharField:
    return forms.CharField(
        label=_("How can anyone tell?"),
        max_length=500,
        help_text=_("Minutes, a letter, a page: something that another member can look up."),
    )


def names_nobody_field() -> forms.BooleanField:
    return forms.BooleanField(label=_("It names no person, and I have seen the source myself."))


class ValuesField(forms.Field):
    """One number or several, with spaces between them: 6.5 5 5 5."""

    def __init__(self, *, unit: str, **options: Any) -> None:
        super().__init__(**options)
        self.unit = unit

    def to_python(self, value: Any) -> list[Fraction]:
        texts = VALUE.findall(str(value or ""))
        if len(texts) > MOST_VALUES:
            raise ValidationError(_("That is more than anyone could read."))
        return [read_share(text) if self.unit == "percent" else read_number(text) for text in texts]

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, tuple):
            return value
        return " ".join(written(one, self.unit) for one in value)


class TellForm(forms.Form):
    """Something that was done, with the numbers of an offer where the mandate has measures for them."""

    deed = forms.ChoiceField(
        label=_("What happened?"), choices=MandateEvent.Deed.choices, widget=forms.RadioSelect
    )
    act = act_field(_("What was done"))
    source = source_field()
    names_nobody = names_nobody_field()

    def __init__(
        self, *args: Any, zone: ZoneInfo, asked: Asked, votes: Iterable[Ballot], **options: Any
    ) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})
        self.terms = {f"said-{place}": term for place, term in enumerate(asked["terms"])}
        self.votes = {vote.uuid: vote for vote in votes}
        at = MomentField(zone, label=_("When?"))
        vote = forms.ChoiceField(
            label=_("Was there a vote of ours that allowed it?"),
            choices=(("", _("no")), *((uuid, vote.title) for uuid, vote in self.votes.items())),
            required=False,
        )
        said = {
            name: ValuesField(
                label=term_in_words(term),
                unit=term["unit"],
                required=False,
                help_text=_("What was offered or agreed; several with a space between. Empty: not said."),
            )
            for name, term in self.terms.items()
        }
        own = self.fields
        self.fields = {
            "deed": own["deed"],
            "at": at,
            "act": own["act"],
            **said,
            "vote": vote,
            "source": own["source"],
            "names_nobody": own["names_nobody"],
        }

    @property
    def said(self) -> list[forms.BoundField]:
        return [self[name] for name in self.terms]

    def happened(self, corrects: MandateEvent | None) -> Happened:
        values = self.cleaned_data
        numbers = {term["measure"]: values[name] for name, term in self.terms.items() if values[name]}
        return Happened(
            deed=Deed(values["deed"]),
            at=values["at"],
            act=values["act"],
            source=values["source"],
            numbers=pairs_of(numbers) if values["deed"] in OFFERS else {},
            vote=self.votes.get(values["vote"]),
            corrects=corrects,
        )


class TakeBackForm(forms.Form):
    """That something in the ledger did not happen."""

    act = act_field(_("Why is it wrong?"))
    source = source_field()
    names_nobody = names_nobody_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})

    def happened(self, corrects: MandateEvent) -> Happened:
        return Happened(
            deed=Deed(corrects.deed),
            at=corrects.at,
            act=self.cleaned_data["act"],
            source=self.cleaned_data["source"],
            corrects=corrects,
            takes_back=True,
        )


def of_event(event: MandateEvent, asked: Asked) -> dict[str, Any]:
    """The form's values of what is to be corrected."""
    numbers = numbers_of(event.numbers)
    return {
        "deed": event.deed,
        "at": event.at,
        "act": event.act,
        "source": event.source,
        "vote": event.vote.uuid if event.vote else "",
        **{f"said-{place}": numbers.get(term["measure"], ()) for place, term in enumerate(asked["terms"])},
    }


def fresh(now: datetime) -> dict[str, Any]:
    return {"at": now.replace(second=0, microsecond=0)}
