"""What an organiser types about contracts and what is put forward. A line that cannot be read is named."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from openfloor.bargaining.actions import Rules, Said, Terms
from openfloor.bargaining.clauses import Question
from openfloor.bargaining.documents import TooLarge, Unreadable, read_document
from openfloor.bargaining.figures import (
    BadLine,
    Figures,
    from_json,
    lump_sums_as_lines,
    raises_as_lines,
    ratios_as_lines,
    read_lump_sums,
    read_raises,
    read_ratios,
    read_steps,
    steps_as_lines,
)
from openfloor.bargaining.models import ClauseAnswer, Contract, GroundRules, Proposal, Session
from openfloor.bargaining.notices import Notice, UnreadableNotice, as_lines, read_notices
from openfloor.bargaining.queries import notices_of
from openfloor.bargaining.reading import (
    MOST_TEXT,
    ArticleTwice,
    HeadingWithoutNumber,
    NoArticles,
    articles_in,
)
from openfloor.bargaining.words import line_in_words
from openfloor.ui.moments import MomentField
from openfloor.workplace.models import Committee, Member, Unit
from openfloor.workplace.queries import members_of, zone
from workrules.wages import ImpossibleOffer

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


class ArticleForm(forms.Form):
    """One clause, before anything is put forward about it."""

    number = forms.CharField(
        label=_("Its number"), max_length=20, help_text=_("As it stands in the contract: 12, or 12A.")
    )
    title = forms.CharField(label=_("What is it about?"), max_length=120)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})


def _lines(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SaidForm(forms.Form):
    """What a version says: its words and its numbers."""

    made_on = day_field(label=_("Which day?"))
    text = forms.CharField(
        label=_("The words"),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("The whole article as they or we put it forward, so that two versions can be compared."),
    )
    source = forms.CharField(
        label=_("Where is it from?"),
        max_length=200,
        required=False,
        help_text=_("The session, the paper handed over, its page."),
    )
    starts_on = day_field(label=_("The term starts on"), required=False)
    ends_on = day_field(
        label=_("The term ends on"),
        required=False,
        help_text=_(
            "The first day after it. Without both days nobody can say what raises come to over the term."
        ),
    )
    raises = _lines(
        _("Raises, one a line"),
        _("“2026-10-01: 6.5 %” or “year 2: 5 %”. Each comes on top of those before it."),
    )
    lump_sums = _lines(
        _("Money paid once, one a line"),
        _("“2026-11-01: 1,500”. It stays out of what raises are counted on."),
    )
    ratios = _lines(_("Ratios, one a line"), _("“telemetry: 1:4” is at most four patients to a nurse."))
    steps = _lines(_("Steps of pay, one a line"), _("“RN 3: 48.20”"))
    effective_on = day_field(label=_("In force from"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})

    def clean_text(self) -> str:
        return with_plain_lines(self.cleaned_data["text"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        starts_on = values.get("starts_on")
        for name, read in (
            ("raises", lambda text: read_raises(text, starts_on=starts_on)),
            ("lump_sums", lambda text: read_lump_sums(text, starts_on=starts_on)),
            ("ratios", read_ratios),
            ("steps", read_steps),
        ):
            self._read(name, read)
        self._put_together()
        return values

    def _read(self, name: str, read: Callable[[str], Any]) -> None:
        try:
            self.cleaned_data[name] = read(self.cleaned_data.get(name, ""))
        except BadLine as error:
            self.add_error(name, line_in_words(error))

    def _put_together(self) -> None:
        """The numbers as one value; what cannot be a term of a contract is said at its end."""
        names = ("starts_on", "ends_on", "effective_on", "raises", "lump_sums", "ratios", "steps")
        if any(self.has_error(name) for name in names):
            return
        try:
            self.cleaned_data["figures"] = Figures(**{name: self.cleaned_data[name] for name in names})
        except ImpossibleOffer:
            self.add_error(
                "ends_on", ValidationError(_("The term must end after it starts, and after every raise."))
            )

    def said(self) -> Said:
        values = self.cleaned_data
        return Said(
            text=values["text"], made_on=values["made_on"], figures=values["figures"], source=values["source"]
        )


SIDES = ((Proposal.Side.OURS, _("We put it forward")), (Proposal.Side.THEIRS, _("They put it forward")))


def _side(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)


class ProposalForm(SaidForm):
    side = _side(_("Who?"), SIDES)
    field_order = ("side",)


class CorrectionForm(SaidForm):
    reason = forms.CharField(
        label=_("What was written down wrongly?"),
        max_length=500,
        help_text=_("Everybody reads this. The wrong version stays, crossed out."),
    )
    field_order = ("reason",)


class WithdrawalForm(forms.Form):
    side = _side(
        _("Who?"),
        ((Proposal.Side.OURS, _("We take it back")), (Proposal.Side.THEIRS, _("They take it back"))),
    )
    made_on = day_field(label=_("Which day?"))
    source = forms.CharField(label=_("Where is it from?"), max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})


def of_version(version: Proposal | None) -> dict[str, Any]:
    """What a new version starts from: the words and numbers of another."""
    if version is None:
        return {}
    figures = from_json(version.figures)
    return {
        "text": version.text,
        "source": version.source,
        "starts_on": figures.starts_on,
        "ends_on": figures.ends_on,
        "effective_on": figures.effective_on,
        "raises": raises_as_lines(figures),
        "lump_sums": lump_sums_as_lines(figures),
        "ratios": ratios_as_lines(figures),
        "steps": steps_as_lines(figures),
    }


def with_plain_lines(text: str) -> str:
    """Browsers send two characters at the end of a line; one is kept, and no spaces before it."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")


class AnswerForm(forms.Form):
    """Does the clause say it, and where? Several stand on one page, so ids have the question in them."""

    says = forms.ChoiceField(
        label=_("Does it say so?"), choices=ClauseAnswer.Says.choices, widget=forms.RadioSelect
    )
    passage = forms.CharField(
        label=_("With a yes: the words that say it"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Copied from the text, word by word."),
    )

    def __init__(self, question: Question, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "label_suffix": "", "auto_id": f"{question}-%s"})
        self.question = question


TOO_LARGE = _("This file is too large, or would be once it is unpacked.")


class ImportForm(forms.Form):
    """A whole proposal of one side, pasted or chosen as a file. The file is read once, into the text."""

    side = _side(_("Whose is it?"), ((Proposal.Side.OURS, _("ours")), (Proposal.Side.THEIRS, _("theirs"))))
    made_on = day_field(label=_("Which day?"))
    source = forms.CharField(label=_("Where is it from?"), max_length=200, required=False)
    file = forms.FileField(
        label=_("A file"),
        required=False,
        allow_empty_file=True,
        help_text=_("A .docx or .txt of at most 1.9 MB. It is read, and not kept."),
    )
    text = forms.CharField(
        label=_("Or its text"),
        max_length=MOST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Each article begins with a line like “Article 12: Wages”, or “# 12 Wages”."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})
        self.has_tracked_changes = False

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("file") is not None and not self.has_error("file"):
            self._read(values["file"])
        if not self.errors:
            self._cut()
        return self.cleaned_data

    def _read(self, file: Any) -> None:
        try:
            document = read_document(file.name, file.read())
        except Unreadable:
            self.add_error(
                "file", ValidationError(_("This is no .docx and no text in UTF-8 that we can read."))
            )
        except TooLarge:
            self.add_error(
                "file", ValidationError(_("This file is too large, or would be once it is unpacked."))
            )
        else:
            self.cleaned_data["text"] = document.text
            self.data = {**self._one_each(), "text": document.text}  # to be looked at, changed and sent
            self.has_tracked_changes = document.has_tracked_changes

    def _one_each(self) -> dict[str, Any]:
        return {name: self.data.get(name) for name in ("side", "made_on", "source")}

    def _cut(self) -> None:
        text = with_plain_lines(self.cleaned_data["text"])
        if len(text) > MOST_TEXT:
            self.add_error(
                "file", ValidationError(_("This file is too large, or would be once it is unpacked."))
            )
            return
        self.cleaned_data["text"] = text
        try:
            self.cleaned_data["cut"] = articles_in(text)
        except NoArticles:
            self.add_error(
                "text", ValidationError(_("No line here begins an article. Write “# 12 Wages” before it."))
            )
        except HeadingWithoutNumber as error:
            self._refuse_heading(error)
        except ArticleTwice as error:
            self.add_error(
                "text",
                ValidationError(_("Article %(number)s begins twice."), params={"number": error.number}),
            )

    def _refuse_heading(self, error: HeadingWithoutNumber) -> None:
        sentence = _("Line %(line)s, “%(heading)s”, has no number. Write one after the #, or delete the #.")
        values = {"line": error.line, "heading": error.heading}
        self.add_error("text", ValidationError(sentence, params=values))


class SessionForm(forms.Form):
    """A session to be announced. Note-takers are named by entry number: no handle is shown."""

    title = forms.CharField(label=_("What is it called?"), max_length=120)
    place = forms.CharField(label=_("Where?"), max_length=200, required=False)
    audience = forms.ChoiceField(
        label=_("Whom is it open to?"), choices=Session.Audience.choices, widget=forms.RadioSelect
    )
    ground_rules = forms.CharField(
        label=_("Ground rules on record"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "What both sides agreed on, and what we refused: a rule that keeps offers secret, for one."
        ),
    )
    note_takers = forms.CharField(
        label=_("Who takes notes? Their entry numbers"),
        max_length=200,
        required=False,
        help_text=_("With a comma between. Several can write at once; organisers can in any case."),
    )
    field_order = ("title", "place", "starts_at")

    def __init__(self, *args: Any, committee: Committee, **options: Any) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})
        self.committee = committee
        self.fields["starts_at"] = MomentField(zone(committee), label=_("Starts"))
        self.order_fields(self.field_order)

    def clean_note_takers(self) -> list[Member]:
        typed = [each.strip() for each in self.cleaned_data["note_takers"].split(",") if each.strip()]
        return [_member_numbered(self.committee, each) for each in typed]


class NoteTakerForm(forms.Form):
    """One more note-taker."""

    number = forms.CharField(label=_("Their entry number"), max_length=6)

    def __init__(self, *args: Any, committee: Committee, **options: Any) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})
        self.committee = committee

    def clean_number(self) -> Member:
        return _member_numbered(self.committee, self.cleaned_data["number"])


def _member_numbered(committee: Committee, text: str) -> Member:
    is_number = text.isascii() and text.isdigit() and len(text) <= 6
    member = members_of(committee).filter(number=text).first() if is_number else None
    if member is None:
        raise ValidationError(_("There is no member with the entry number %(each)s."), params={"each": text})
    return member


class RulesForm(forms.Form):
    """Ground rules as they are from now on."""

    text = forms.CharField(
        label=_("Ground rules from now on"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("All of them, also those that stay. Those before stay on record."),
    )
    agreed_by = forms.ChoiceField(
        label=_("Who agreed?"), choices=GroundRules.AgreedBy.choices, widget=forms.RadioSelect
    )
    refused_by_us = forms.CharField(
        label=_("What did we refuse?"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A rule that keeps offers secret from the members, for one."),
    )
    refused_by_them = forms.CharField(
        label=_("What did they refuse?"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = forms.IntegerField(min_value=0, max_value=1_000_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})

    def clean_text(self) -> str:
        return with_plain_lines(self.cleaned_data["text"])

    def clean_refused_by_us(self) -> str:
        return with_plain_lines(self.cleaned_data["refused_by_us"])

    def clean_refused_by_them(self) -> str:
        return with_plain_lines(self.cleaned_data["refused_by_them"])

    def rules(self) -> Rules:
        names = ("text", "agreed_by", "refused_by_us", "refused_by_them")
        return Rules(**{name: self.cleaned_data[name] for name in names})


class ReadingForm(forms.Form):
    """A page to be read first."""

    title = forms.CharField(label=_("What is it?"), max_length=120)
    path = forms.CharField(
        label=_("Its address here"),
        max_length=300,
        help_text=_("Of a page of this site, from the first slash on: /bargaining/"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})


class ReportForm(forms.Form):
    """The report of a session. `seen` is the draft that it began with."""

    text = forms.CharField(
        label=_("The report"),
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text=_(
            "Made from the minutes and the proposals. Shorten it, explain it, name acts and no persons."
        ),
    )
    reason = forms.CharField(
        label=_("What is different from the edition before?"), max_length=500, required=False
    )
    seen = forms.IntegerField(min_value=0, max_value=1_000_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_later: bool, **options: Any) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})
        if not is_later:
            del self.fields["reason"]

    def clean_text(self) -> str:
        return with_plain_lines(self.cleaned_data["text"])

    def said_reason(self) -> str:
        """Nothing of a first edition."""
        return str(self.cleaned_data.get("reason", ""))
