"""Ballots and their boards. No time of a single paper is kept, and no vote or key ever arrives here."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openfloor.workplace.models import Committee, Member


class Ballot(models.Model):
    """One vote put to the members: its questions, its rule, its roll, its trustees, its times."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ANNOUNCED = "announced", _("trustees make their keys")
        FROZEN = "frozen", _("being signed and checked")
        OPEN = "open", _("open")
        CLOSED = "closed", _("waiting for its trustees")
        COUNTED = "counted", _("counted")
        WITHDRAWN = "withdrawn", _("withdrawn")
        UNCOUNTABLE = "uncountable", _("cannot be counted")
        VOID = "void", _("void")

    class ApprovalOf(models.TextChoices):
        VOTING = "voting", _("of those who say yes or no")
        ENTITLED = "entitled", _("of all who may vote")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    uuid = models.CharField(max_length=22, unique=True)  # Belenios' uuid, in every address
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="ballots")
    called_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="ballots_called")
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="copies")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)

    title = models.CharField(_("question in short"), max_length=120)
    text = models.TextField(_("full text"), max_length=20_000)
    questions = models.JSONField()  # as in questions.py
    group = models.CharField(max_length=20, default="BELENIOS-2048")
    effect = models.JSONField(null=True)  # what a carried count does by itself, as in the charter
    mandate_asked = models.JSONField(
        null=True
    )  # what a carried count binds us to, as the charter's `mandate`
    turnout_numerator = models.PositiveSmallIntegerField(default=1)
    turnout_denominator = models.PositiveSmallIntegerField(default=2)
    approval_numerator = models.PositiveSmallIntegerField(default=1)
    approval_denominator = models.PositiveSmallIntegerField(default=2)
    approval_of = models.CharField(max_length=8, choices=ApprovalOf, default=ApprovalOf.VOTING)
    opens_not_before = models.DateTimeField()
    closes_at = models.DateTimeField()  # moved only by a signed extension

    practice = models.BooleanField(default=False)  # a rehearsal: all of it is real, and nothing is decided
    waits_for_slips = models.BooleanField(default=False)  # the freeze, for paper slips that tellers make
    threshold = models.PositiveSmallIntegerField(null=True)  # trustees who are enough; null: all of them
    attempt = models.PositiveSmallIntegerField(default=1)  # at making the keys; whose trustees are these

    # Fixed when announced
    announced_on = models.DateField(null=True)
    roll_head = models.CharField(max_length=64, null=True)
    roll_position = models.PositiveIntegerField(null=True)
    entitled = models.PositiveIntegerField(null=True)
    ledger_head = models.CharField(max_length=64, null=True)

    # Fixed when frozen, exact texts; until then tellers make paper slips
    slips = models.PositiveSmallIntegerField(default=0)  # how many may vote besides the entitled of the roll
    charter = models.TextField(null=True)
    election = models.TextField(null=True)
    trustees_text = models.TextField(null=True)  # the verification keys of a threshold come last
    credentials = models.TextField(null=True)

    # Fixed when opened
    opened_at = models.DateTimeField(null=True)
    opening_ledger_head = models.CharField(max_length=64, null=True)
    published_height = models.IntegerField(default=-1)  # what public pages show; advances once a minute
    published_at = models.DateTimeField(null=True)  # while open; never of a single ballot paper

    reason = models.TextField(null=True)  # why it ended early; of a void one a queries.Loss
    result = models.JSONField(null=True)
    # Of each question that is ranked or graded, else null: places of opened answers that are no votes, from
    # 0; and who is first, second …, by answers from 0, of transferable votes only who is elected
    undecodable = models.JSONField(null=True)
    places = models.JSONField(null=True)

    class Meta:
        verbose_name = _("ballot")
        ordering = ["-closes_at"]
        constraints = [
            models.CheckConstraint(
                name="ballot_opens_before_it_closes", condition=Q(opens_not_before__lt=models.F("closes_at"))
            ),
            models.CheckConstraint(
                name="ballot_has_its_roll_once_announced",
                condition=Q(state__in=["draft", "withdrawn"])
                | Q(
                    announced_on__isnull=False,
                    roll_head__isnull=False,
                    roll_position__isnull=False,
                    entitled__isnull=False,
                    ledger_head__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="ballot_is_fixed_once_frozen",
                condition=Q(state__in=["draft", "announced", "withdrawn", "void"])
                | Q(
                    charter__isnull=False,
                    election__isnull=False,
                    trustees_text__isnull=False,
                    credentials__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="ballot_has_its_moment_once_opened",
                condition=Q(state__in=["draft", "announced", "frozen", "withdrawn", "void"])
                | Q(opened_at__isnull=False, opening_ledger_head__isnull=False),
            ),
            models.CheckConstraint(
                name="ballot_ends_early_only_with_a_reason",
                condition=~Q(state__in=["withdrawn", "uncountable", "void"]) | Q(reason__isnull=False),
            ),
            models.CheckConstraint(
                name="ballot_has_a_result_exactly_when_counted",
                condition=Q(state="counted", result__isnull=False) | (~Q(state="counted") & Q(result=None)),
            ),
            models.CheckConstraint(
                name="practice_decides_nothing",
                condition=Q(practice=False) | Q(effect__isnull=True, mandate_asked__isnull=True),
            ),
            models.CheckConstraint(
                name="no_trustee_is_enough_alone", condition=Q(threshold=None) | Q(threshold__gte=2)
            ),
            models.CheckConstraint(
                name="ballot_has_every_key_once_opened",
                condition=Q(state__in=["draft", "announced", "frozen", "withdrawn", "void"])
                | Q(threshold=None)
                | Q(trustees_text__contains='"verification_keys":['),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def voters(self) -> int:
        """How many may vote: the entitled of the roll, and one for each paper slip."""
        return (self.entitled or 0) + self.slips


class Mandate(models.Model):
    """What a counted ballot decided, and where it stands: `state` follows from its events and the clock."""

    class State(models.TextChoices):
        BINDING = "binding", _("binding")
        FULFILLED = "fulfilled", _("done")
        CHANGED = "changed", _("changed by us")
        EXPIRED = "expired", _("run out")

    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, related_name="mandate")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="mandates")
    decided_at = models.DateTimeField()  # the close of its ballot
    line = models.PositiveIntegerField()  # of the ledger that says so, from 0
    state = models.CharField(max_length=9, choices=State, default=State.BINDING)
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # when the clock alone next changes where it stands

    class Meta:
        verbose_name = _("mandate")
        ordering = ["decided_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="mandate_has_its_end_once_it_no_longer_binds",
                condition=Q(state="binding", ended_at=None)
                | (~Q(state="binding") & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["committee", "decided_at"], name="mandates_by_day"),
            models.Index(fields=["due_at"], name="mandates_that_fall_due"),
        ]

    def __str__(self) -> str:
        return str(self.ballot_id)


class PublicMandates(models.Model):
    """A committee that shows its mandates to everybody, not to its members alone."""

    committee = models.OneToOneField(Committee, on_delete=models.PROTECT, related_name="public_mandates")

    class Meta:
        verbose_name = _("public mandates")

    def __str__(self) -> str:
        return str(self.committee_id)


class MandateEvent(models.Model):
    """
    Something that was done about a mandate: entered by one member, confirmed by another, with its source.

    What the program itself computed (an offer at the table, a count) has neither. It counts once it has its
    `line` of the ledger, and until a later one corrects it.
    """

    class Deed(models.TextChoices):
        OFFERED = "offered", _("an offer was made in our name")
        BEGAN = "began", _("the action began")
        CALLED_OFF = "called_off", _("the action was called off")
        SIGNED = "signed", _("an agreement was signed")
        CHANGED = "changed", _("something else was decided in its place")

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="events")
    deed = models.CharField(max_length=10, choices=Deed)
    at = models.DateTimeField()
    act = models.CharField(max_length=300)
    source = models.CharField(max_length=500)
    numbers = models.JSONField(default=dict)  # by measure, each a list of [numerator, denominator]
    vote = models.ForeignKey(Ballot, on_delete=models.PROTECT, null=True, related_name="+")  # that allowed it
    reference = models.CharField(max_length=80, null=True)  # by which the table knows an offer
    entered_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    takes_back = models.BooleanField(default=False)  # it only says that what it corrects did not happen
    line = models.PositiveIntegerField(null=True)  # of the ledger, from 0

    class Meta:
        verbose_name = _("event of a mandate")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="nobody_confirms_their_own_event",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("entered_by")),
            ),
            models.CheckConstraint(
                name="event_of_a_member_is_in_the_ledger_once_confirmed",
                condition=Q(entered_by=None, confirmed_by=None, line__isnull=False)
                | Q(entered_by__isnull=False, confirmed_by=None, line=None)
                | Q(entered_by__isnull=False, confirmed_by__isnull=False, line__isnull=False),
            ),
            models.CheckConstraint(
                name="only_a_correction_takes_back", condition=Q(takes_back=False) | Q(corrects__isnull=False)
            ),
            models.UniqueConstraint(
                name="an_event_is_corrected_once", fields=["corrects"], condition=Q(line__isnull=False)
            ),
            models.UniqueConstraint(name="a_reference_is_used_once", fields=["mandate", "reference"]),
        ]

    def __str__(self) -> str:
        return self.act


class MandateBreach(models.Model):
    """A way in which a mandate was not kept, as the ledger has it; lifted when a correction undoes it."""

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="breaches")
    breach = models.CharField(max_length=24)  # workrules.mandates.Breach
    event = models.ForeignKey(MandateEvent, on_delete=models.PROTECT, null=True, related_name="breaches")
    at = models.DateTimeField()
    shortfalls = models.JSONField(default=list)  # each {"term", "value": [numerator, denominator]}
    line = models.PositiveIntegerField()  # of the ledger, from 0
    lifted_line = models.PositiveIntegerField(null=True)
    vote = models.ForeignKey(Ballot, on_delete=models.PROTECT, null=True, related_name="+")  # it was put to

    class Meta:
        verbose_name = _("breach of a mandate")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="an_event_breaks_a_mandate_once",
                fields=["mandate", "breach", "event"],
                condition=Q(lifted_line=None, event__isnull=False),
            ),
            models.UniqueConstraint(
                name="a_deadline_passes_once",
                fields=["mandate", "breach"],
                condition=Q(lifted_line=None, event=None),
            ),
        ]

    def __str__(self) -> str:
        return self.breach


class CallForVote(models.Model):
    """A member's call to put a breach to all members. Who called stands on no page."""

    breach = models.ForeignKey(MandateBreach, on_delete=models.CASCADE, related_name="calls")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("call for a vote")
        constraints = [
            models.UniqueConstraint(
                name="a_member_calls_for_a_vote_on_a_breach_once", fields=["breach", "member"]
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Trustee(models.Model):
    """A member's share in opening one ballot: a key of their own, or their part in making one together."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="trustees")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="trusteeships")
    position = models.PositiveSmallIntegerField()  # Belenios' owner number, from 1
    key_signature = models.CharField(max_length=128, null=True)  # by the member, under the key or certificate
    copy_works = models.BooleanField(default=False)
    key_lost = models.BooleanField(default=False)  # as the trustee says

    # A key of their own
    public_key = models.TextField(null=True)  # Belenios' trustee_public_key text, with its proof
    test_alpha = models.TextField(null=True)
    test_beta = models.TextField(null=True)
    test_answer = models.TextField(null=True)  # what the trustee must read out of the test ciphertext

    # A key made together: their messages of the three rounds
    certificate_message = models.TextField(null=True)
    coefficients_message = models.TextField(null=True)
    key_message = models.TextField(null=True)
    wrong_shares = models.JSONField(default=list)  # the positions of those whose shares they refuse
    sent_bad_part = models.BooleanField(default=False)  # of the count; it stands nowhere else

    freeze_signature = models.CharField(max_length=128, null=True)
    shuffle_signature = models.CharField(max_length=128, null=True)
    head_signature = models.CharField(max_length=128, null=True)
    partial_decryption = models.TextField(null=True)
    bound_proofs = models.TextField(null=True)

    class Meta:
        verbose_name = _("trustee")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="a_member_is_trustee_of_a_ballot_once", fields=["ballot", "member"]),
            models.UniqueConstraint(name="trustee_positions_are_used_once", fields=["ballot", "position"]),
            models.CheckConstraint(
                name="trustee_takes_one_round_after_the_other",
                condition=(Q(coefficients_message=None) | Q(certificate_message__isnull=False))
                & (
                    Q(key_message=None)
                    | Q(coefficients_message__isnull=False, freeze_signature__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.position)


class Teller(models.Model):
    """A member who recomputes the credential list before a ballot opens."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="tellers")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="tellerships")
    audit_signature = models.CharField(max_length=128, null=True)

    class Meta:
        verbose_name = _("teller")
        ordering = ["member__number"]
        constraints = [
            models.UniqueConstraint(name="a_member_is_teller_of_a_ballot_once", fields=["ballot", "member"])
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Slips(models.Model):
    """Paper slips that a teller has made: their public credentials, never a code."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="slip_lists")
    teller = models.ForeignKey(Teller, on_delete=models.CASCADE, related_name="slip_lists")
    count = models.PositiveSmallIntegerField()
    credentials = models.TextField()
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("paper slips")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="a_list_of_slips_is_used_once", fields=["ballot", "hash"]),
            models.CheckConstraint(name="a_list_of_slips_is_not_empty", condition=Q(count__gt=0)),
        ]

    def __str__(self) -> str:
        return str(self.count)


class SignedDecision(models.Model):
    """One of the two signatures that an extension, or giving up the count, needs."""

    class Kind(models.TextChoices):
        EXTENSION = "extension", _("a later close")
        UNCOUNTABLE = "uncountable", _("cannot be counted")

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=12, choices=Kind)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="ballot_decisions")
    statement = models.TextField()  # canonical text; two signatures under the same text carry it
    signature = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("signed decision")
        constraints = [
            models.UniqueConstraint(
                name="a_member_signs_a_decision_once", fields=["ballot", "by", "statement"]
            )
        ]

    def __str__(self) -> str:
        return self.kind


class BoardEvent(models.Model):
    """One event of the board with the texts it brings: an event is never changed."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="board")
    height = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)  # Belenios' event type
    data = models.JSONField(default=list)  # the texts that stand before the event, in order
    text = models.TextField()
    hash = models.CharField(max_length=64)
    # For Ballot events: the credential, and the ballot's Belenios hash
    credential = models.TextField(null=True)
    tracker = models.CharField(max_length=44, null=True)

    class Meta:
        verbose_name = _("board event")
        ordering = ["height"]
        constraints = [
            models.UniqueConstraint(name="board_heights_are_used_once", fields=["ballot", "height"]),
            models.UniqueConstraint(
                name="a_ballot_paper_stands_on_the_board_once", fields=["ballot", "tracker"]
            ),
        ]
        indexes = [models.Index(fields=["ballot", "credential"], name="papers_of_a_credential")]

    def __str__(self) -> str:
        return f"{self.height} {self.kind}"
