"""What a member types to call a ballot."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openfloor.ballots import quorum
from openfloor.ballots.asking import RECALL, Call
from openfloor.ballots.binding import CHANGED_BY, of_asked
from openfloor.ballots.mandate import LONGEST_LINE
from openfloor.ballots.models import Ballot
from openfloor.ui.moments import MomentField
from openfloor.workplace.models import Member, Role

GROUPS = (
    (
        "BELENIOS-2048",
        _("Anyone with a Debian computer. The program comes with Debian 12, and others wrote it."),
    ),
    (
        "Ed25519",
        _(
            "Anyone, with openballot or a newer Belenios (2.1 or later). Votes are half as large, and old "
            "phones lock them faster."
        ),
    ),
)
EFFECTS = (
    ("", _("nothing happens by itself")),
    ("give_role", _("it gives a member a role")),
    ("end_role", _("it ends a member's role")),
)
# Votes that are opened one by one need numbers in which a whole paper has room.
GROUPS_FOR_RANKS = (
    (
        "RFC-3526-2048",
        _("Anyone with a Debian computer. The program comes with Debian 12, and others wrote it."),
    ),
    (
        "Ed25519",
        _(
            "Anyone, with openballot or a newer Belenios (2.1 or later). Mixing and counting are many times "
            "faster."
        ),
    ),
)


def labelled(label: str | Promise) -> forms.NumberInput:
    """A number in the middle of a sentence: its label is heard, not drawn."""
    return forms.NumberInput(attrs={"aria-label": label})


class MembersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Holders of a role, by entry number: no handle is shown to whoever calls the ballot."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Member.objects.none(), **options)

    def label_from_instance(self, member: Any) -> str:
        return str(_("Entry %(number)s") % {"number": member.number})


def threshold_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("How many of them open the count"),
        required=False,
        min_value=quorum.FEWEST,
        max_value=quorum.MOST_TRUSTEES,
        help_text=_(
            "Empty means more than half: 2 of 3, 3 of 4, 3 of 5. Whoever is away or loses a key then stops "
            "nothing. As many together could open single votes. Of two trustees, both are needed."
        ),
    )


class BallotForm(forms.Form):
    """Everything of a ballot but its questions."""

    title = forms.CharField(
        label=_("The question in short"),
        max_length=120,
        help_text=_("As it stands on everybody’s phone. A sentence people can answer."),
    )
    text = forms.CharField(
        label=_("The full text"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Everything a vote for it means. It cannot be changed once the ballot is announced."),
    )
    turnout_numerator = forms.IntegerField(min_value=0, max_value=1000, widget=labelled(_("at least")))
    turnout_denominator = forms.IntegerField(min_value=1, max_value=1000, widget=labelled(_("of every")))
    approval_numerator = forms.IntegerField(min_value=0, max_value=1000, widget=labelled(_("more than")))
    approval_denominator = forms.IntegerField(min_value=1, max_value=1000, widget=labelled(_("of every")))
    approval_of = forms.ChoiceField(
        label=_("Of whom is that share?"), choices=Ballot.ApprovalOf, widget=forms.RadioSelect, required=False
    )
    group = forms.ChoiceField(
        label=_("Who should be able to check?"),
        choices=GROUPS,
        widget=forms.RadioSelect,
        help_text=_(
            "Both are just as secret. Above 2,000 members we suggest the second. It is fixed when you "
            "announce the ballot."
        ),
    )
    waits_for_slips = forms.BooleanField(
        label=_("Wait for paper slips"),
        required=False,
        help_text=_(
            "For members who have no phone. A teller makes and prints slips after you announce the ballot. "
            "It goes on when a teller says that there are enough."
        ),
    )
    effect_kind = forms.ChoiceField(
        label=_("If it carries"),
        choices=EFFECTS,
        required=False,
        help_text=_("A yes-or-no ballot can give somebody a role, or end one, by itself."),
    )
    effect_role = forms.ChoiceField(label=_("Which role?"), choices=Role.Kind.choices, required=False)
    effect_number = forms.IntegerField(label=_("Whose? Their entry number"), min_value=1, required=False)
    elected_role = forms.ChoiceField(
        label=_("Which role do the elected get?"),
        choices=(("", _("none: the result only stands here")), *Role.Kind.choices),
        required=False,
        help_text=_("They get it by themselves when the ballot is counted. Whoever holds it now keeps it."),
    )
    action_what = forms.CharField(
        label=_("An action that is to follow"),
        max_length=LONGEST_LINE,
        required=False,
        help_text=_("Such as “Strike from the day the contract ends”. Empty where none is decided."),
    )
    changed_by = forms.ChoiceField(
        label=_("What can change it"), choices=CHANGED_BY, widget=forms.RadioSelect, required=False
    )
    trustees = MembersField(
        label=_("Trustees"),
        required=False,
        help_text=_("They hold the keys that open the count. Two at least; three or more are better."),
    )
    threshold = threshold_field()
    tellers = MembersField(
        label=_("Tellers"),
        required=False,
        help_text=_("They recompute who may vote before the ballot opens. Two at least."),
    )

    def __init__(
        self,
        *args: Any,
        call: Call,
        is_shuffled: bool,
        zone: ZoneInfo,
        trustees: Iterable[Member],
        tellers: Iterable[Member],
        now: datetime,
        **options: Any,
    ) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})
        self.now = now
        self.call = call
        if is_shuffled:
            self._offer_groups_for_ranks()
        self.fields["opens_not_before"] = MomentField(zone, label=_("Opens, not before"))
        self.fields["closes_at"] = MomentField(zone, label=_("Closes"))
        self.fields["action_by"] = MomentField(zone, label=_("It must begin by"), required=False)
        self.fields["binds_until"] = MomentField(
            zone,
            label=_("It binds until"),
            required=False,
            help_text=_("Empty: until it is done, or we change it."),
        )
        self._offer("trustees", trustees)
        self._offer("tellers", tellers)

    def _offer_groups_for_ranks(self) -> None:
        field = self.fields["group"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  narrows the type
        field.choices = GROUPS_FOR_RANKS

    def _offer(self, name: str, members: Iterable[Member]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  narrows the type
        field.queryset = _queryset(members)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        self._refuse(
            "turnout_numerator",
            _("More than all of those entitled can never vote."),
            lambda: values["turnout_numerator"] > values["turnout_denominator"],
        )
        self._refuse(
            "approval_numerator",
            _("Nothing can be more than all of the votes."),
            lambda: values["approval_numerator"] >= values["approval_denominator"],
        )
        self._refuse(
            "effect_number",
            _("Write the entry number of the member whose role it is."),
            lambda: bool(values["effect_kind"]) and values["effect_number"] is None,
        )
        self._refuse(
            "threshold",
            _("So many trustees are not chosen."),
            lambda: (values["threshold"] or 0) > max(len(values["trustees"]), quorum.FEWEST),
        )
        self._refuse("closes_at", _("The close must lie ahead."), lambda: values["closes_at"] <= self.now)
        self._refuse(
            "closes_at",
            _("The ballot must close after it opens."),
            lambda: values["closes_at"] <= values["opens_not_before"],
        )
        self._refuse(
            "action_by",
            _("Write when the action must begin, or take the action out."),
            lambda: bool(values["action_what"]) is (values["action_by"] is None),
        )
        self._refuse_before_the_close("action_by", values)
        self._refuse_before_the_close("binds_until", values)
        self._refuse(
            "binds_until",
            _("It must bind until the action is due, and longer."),
            lambda: (
                None not in (values["binds_until"], values["action_by"])
                and values["binds_until"] <= values["action_by"]
            ),
        )
        return values

    def _refuse_before_the_close(self, name: str, values: dict[str, Any]) -> None:
        self._refuse(
            name,
            _("This must come after the vote closes."),
            lambda: values[name] is not None and values[name] <= values["closes_at"],
        )

    def _refuse(self, name: str, sentence: str | Promise, is_wrong: Callable[[], bool]) -> None:
        try:
            wrong = is_wrong()
        except KeyError:  # one of the values is missing and was complained about already
            return
        if wrong and not self.has_error(name):
            self.add_error(name, str(sentence))


class ExtensionForm(forms.Form):
    """A later close, to be signed by two."""

    def __init__(self, *args: Any, zone: ZoneInfo, after: datetime, **options: Any) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})
        self.after = after
        self.fields["closes_at"] = MomentField(zone, label=_("Closes instead"), initial=after)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if "closes_at" in values and values["closes_at"] <= self.after:
            self.add_error("closes_at", ValidationError(_("Choose a time later than the present close.")))
        return values


class TrusteesForm(forms.Form):
    """Who makes the key instead, from the first step."""

    trustees = MembersField(label=_("Trustees"))
    threshold = threshold_field()

    def __init__(self, *args: Any, members: Iterable[Member], **options: Any) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})
        field = self.fields["trustees"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  narrows the type
        field.queryset = _queryset(members)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"),
        label_suffix="",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody reads this, and it stays in the ledger."),
    )


def fresh_ballot(now: datetime, call: Call) -> dict[str, Any]:
    """What a new ballot starts as: opens in an hour, closes three days later, half of half."""
    hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return {
        "group": "RFC-3526-2048" if call.is_shuffled else "BELENIOS-2048",
        "effect_kind": "end_role" if call == RECALL else "",
        "turnout_numerator": 1,
        "turnout_denominator": 2,
        "approval_numerator": 1,
        "approval_denominator": 2,
        "approval_of": "voting",
        "changed_by": "same_rule",
        "opens_not_before": hour,
        "closes_at": hour + timedelta(days=3),
    }


def of_ballot(ballot: Ballot) -> dict[str, Any]:
    """The form's values of a draft."""
    names = (
        "title",
        "text",
        "group",
        "waits_for_slips",
        "turnout_numerator",
        "turnout_denominator",
        "approval_numerator",
        "approval_denominator",
        "approval_of",
        "opens_not_before",
        "closes_at",
    )
    return {
        **{name: getattr(ballot, name) for name in names},
        "changed_by": "same_rule",
        **of_asked(ballot.mandate_asked),
        **_of_effect(ballot.effect),
        **of_trustees(ballot),
        "tellers": [teller.member_id for teller in ballot.tellers.all()],
    }


def _of_effect(effect: Mapping[str, Any] | None) -> dict[str, Any]:
    if effect is None or effect["kind"] == "change_mandate":
        return {}
    if effect["kind"] == "give_role_to_elected":
        return {"elected_role": effect["role"]}
    return {f"effect_{name}": value for name, value in effect.items()}


def of_trustees(ballot: Ballot) -> dict[str, Any]:
    """The trustees' values of a ballot; the usual number is left to follow from theirs."""
    trustees = [trustee.member_id for trustee in ballot.trustees.all()]
    is_usual = ballot.threshold == quorum.usual(len(trustees))
    return {"trustees": trustees, "threshold": None if is_usual else ballot.threshold or len(trustees)}


def _queryset(members: Iterable[Member]) -> QuerySet[Member]:
    return Member.objects.filter(pk__in=[member.pk for member in members])
