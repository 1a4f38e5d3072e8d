"""Contracts and what is bargained about them. The trap: what was put forward is only ever added to."""

import secrets
import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openfloor.bargaining.clauses import Answer
from openfloor.workplace.models import Committee, Member, Unit, random_key


def calendar_secret() -> str:
    return secrets.token_urlsafe(24)


class Contract(models.Model):
    """What binds an employer and those who work there, until it runs out; some name no end."""

    class NoStrike(models.TextChoices):
        UNKNOWN = "unknown", _("nobody has looked it up yet")
        YES = "yes", _("it has a no-strike clause")
        NO = "no", _("it has no such clause")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="contracts")
    title = models.CharField(_("title"), max_length=120)
    employer = models.CharField(_("employer"), max_length=120)
    workers = models.CharField(_("our side"), max_length=120)  # the union, association or committee
    units = models.ManyToManyField(Unit, related_name="contracts")
    others_covered = models.CharField(max_length=300, blank=True)  # who is in no unit of this committee
    people = models.PositiveIntegerField(null=True)
    starts_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    no_strike = models.CharField(max_length=7, choices=NoStrike, default=NoStrike.UNKNOWN)
    no_strike_text = models.TextField(blank=True, max_length=5_000)
    notices = models.JSONField(default=list)  # [{"days": before the end, "what"}]
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("contract")
        ordering = ["expires_on", "title"]
        constraints = [
            models.CheckConstraint(
                name="a_contract_starts_before_it_runs_out",
                condition=Q(starts_on=None) | Q(expires_on=None) | Q(starts_on__lt=models.F("expires_on")),
            )
        ]

    def __str__(self) -> str:
        return self.title


class CalendarAddress(models.Model):
    """
    Where a member's calendar program reads the ends of contracts, without signing in.

    The secret opens nothing else, and what it opens lies beside it: so it is kept as it is.
    """

    id = models.BigAutoField(primary_key=True, default=random_key)
    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="calendar_address")
    secret = models.CharField(max_length=32, unique=True, default=calendar_secret)

    class Meta:
        verbose_name = _("calendar address")

    def __str__(self) -> str:
        return str(self.pk)


class Article(models.Model):
    """One clause of a contract, by the number and the name that people know it by."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="articles")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="articles")
    number = models.CharField(_("number"), max_length=20)
    title = models.CharField(_("title"), max_length=120)
    place = models.PositiveIntegerField()  # in the order in which they were written down

    class Meta:
        verbose_name = _("article")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                name="article_numbers_are_used_once_in_a_contract", fields=["contract", "number"]
            ),
            models.UniqueConstraint(
                name="article_places_are_used_once_in_a_contract", fields=["contract", "place"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Proposal(models.Model):
    """
    One version of an article, dated: what a side put forward or took back, or what both agreed on.

    It is never changed. Whoever wrote it down wrongly adds a version that says so.
    """

    class Side(models.TextChoices):
        OURS = "ours", _("we")
        THEIRS = "theirs", _("they")
        BOTH = "both", _("both sides")

    class Kind(models.TextChoices):
        PROPOSED = "proposed", _("put forward")
        CORRECTED = "corrected", _("corrected")
        WITHDRAWN = "withdrawn", _("withdrawn")
        AGREED = "agreed", _("tentatively agreed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="proposals")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField(_("version"))
    side = models.CharField(max_length=6, choices=Side)
    kind = models.CharField(max_length=9, choices=Kind)
    text = models.TextField(_("text"), blank=True, max_length=60_000)
    figures = models.JSONField(default=dict)  # as in figures.py
    made_on = models.DateField(_("day"))
    source = models.CharField(max_length=200, blank=True)  # where it was said or handed over
    reason = models.CharField(max_length=500, blank=True)  # of a correction: what was written down wrongly
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    written_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    hash = models.CharField(max_length=64)  # of what it says; the ledger has the same

    class Meta:
        verbose_name = _("proposal")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="version_numbers_are_used_once_in_an_article", fields=["article", "number"]
            ),
            models.CheckConstraint(
                name="only_a_correction_corrects", condition=Q(kind="corrected") ^ Q(corrects=None)
            ),
            models.CheckConstraint(
                name="a_correction_says_what_was_wrong", condition=~Q(kind="corrected", reason="")
            ),
            models.CheckConstraint(
                name="what_is_agreed_is_of_both_sides",
                condition=Q(kind="agreed", side="both")
                | Q(kind="corrected")
                | (Q(kind__in=["proposed", "withdrawn"]) & ~Q(side="both")),
            ),
            models.CheckConstraint(
                name="only_what_is_withdrawn_says_nothing", condition=Q(kind="withdrawn") ^ ~Q(text="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.number}"


class ClauseAnswer(models.Model):
    """
    What a member says to one question about a version: does it say this, and where?

    It is never changed. Who thinks otherwise later adds an answer that follows it.
    """

    class Says(models.TextChoices):
        YES = Answer.YES, _("Yes")
        NO = Answer.NO, _("No")
        UNSURE = Answer.UNSURE, _("Not sure")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="clause_answers")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="clause_answers")
    question = models.CharField(max_length=13)  # of clauses.Question
    says = models.CharField(max_length=6, choices=Says)
    passage = models.CharField(max_length=1_000, blank=True)  # of the version's text, in one line
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    follows = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="followed_by")

    class Meta:
        verbose_name = _("answer about a clause")
        ordering = ["answered_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_member_has_one_first_answer_to_a_question",
                fields=["proposal", "question", "by"],
                condition=Q(follows=None),
            ),
            models.CheckConstraint(
                name="a_yes_and_no_other_answer_has_a_passage", condition=Q(says="yes") ^ Q(passage="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.question}"


class Session(models.Model):
    """One sitting at the table: announced, open to members or to everybody, its minutes kept live."""

    class Audience(models.TextChoices):
        MEMBERS = "members", _("to all members")
        PUBLIC = "public", _("to everybody")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="sessions")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="sessions")
    title = models.CharField(_("title"), max_length=120)
    place = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField()
    audience = models.CharField(max_length=7, choices=Audience)
    ground_rules = models.TextField(
        blank=True, max_length=5_000
    )  # as announced; later ones are rows of their own
    note_takers = models.ManyToManyField(Member, related_name="sessions_noted")
    ended_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # when the clock last asked whether it is over
    goes_on_at = models.DateTimeField(
        null=True
    )  # when an organiser last said that it is not, the announcement included

    class Meta:
        verbose_name = _("session")
        ordering = ["-starts_at"]

    def __str__(self) -> str:
        return self.title


class MinuteLine(models.Model):
    """A line of the minutes, its writer's own. It is never changed: its writer adds one that corrects it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    text = models.CharField(max_length=500)
    writer = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    token = models.CharField(max_length=64)  # of the page that sent it: what is sent twice counts once

    class Meta:
        verbose_name = _("line of the minutes")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="line_numbers_are_used_once_in_a_session", fields=["session", "number"]
            ),
            models.UniqueConstraint(
                name="a_line_sent_twice_is_kept_once", fields=["session", "writer", "token"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.number}"


class GroundRules(models.Model):
    """The ground rules from a moment of a session on. Those before stay on record."""

    class AgreedBy(models.TextChoices):
        BOTH = "both", _("both sides agreed")
        OURS = "ours", _("we alone; they have not agreed")
        THEIRS = "theirs", _("they alone; we have not agreed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="later_rules")
    number = models.PositiveIntegerField()  # those as announced are 0
    text = models.TextField(blank=True, max_length=5_000)
    agreed_by = models.CharField(max_length=6, choices=AgreedBy)
    refused_by_us = models.CharField(max_length=1_000, blank=True)
    refused_by_them = models.CharField(max_length=1_000, blank=True)
    written_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("ground rules")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="versions_of_ground_rules_are_numbered_once", fields=["session", "number"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.number}"


class ReadingEntry(models.Model):
    """What somebody changed in the reading list of a session: an entry added, or one that they took out."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="reading_entries")
    title = models.CharField(max_length=120, blank=True)
    path = models.CharField(max_length=300, blank=True)  # within this site
    takes_out = models.CharField(max_length=60, blank=True)  # the key of an entry that stands by itself
    written_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("entry of a reading list")
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="an_entry_leads_somewhere_or_takes_one_out",
                condition=Q(takes_out="", path__gt="", title__gt="") | Q(takes_out__gt="", path="", title=""),
            ),
            models.UniqueConstraint(
                name="an_entry_is_taken_out_once", fields=["session", "takes_out"], condition=~Q(takes_out="")
            ),
            models.UniqueConstraint(
                name="an_address_is_added_once", fields=["session", "path"], condition=~Q(path="")
            ),
        ]

    def __str__(self) -> str:
        return self.path or self.takes_out


class ReportDraft(models.Model):
    """What an organiser kept of a report that is not published: each time anew, so that no words go."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="report_drafts")
    number = models.PositiveIntegerField()
    text = models.TextField()
    written_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft of a report")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="draft_numbers_are_used_once_in_a_session", fields=["session", "number"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.number}"


class Report(models.Model):
    """An edition of the report of a session. It is never changed: a later one says why there is another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField(_("edition"))
    text = models.TextField()
    reason = models.CharField(max_length=500, blank=True)  # what is different from the one before
    published_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    hash = models.CharField(max_length=64)  # of what it says; the ledger has the same

    class Meta:
        verbose_name = _("report")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="editions_are_numbered_once", fields=["session", "number"]),
            models.CheckConstraint(
                name="a_later_edition_says_what_is_different", condition=Q(number=1) ^ ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.number}"
