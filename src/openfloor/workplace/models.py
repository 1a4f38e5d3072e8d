"""Committees, members and the roll. A legal name, an e-mail address or a phone number has no field here."""

import secrets
import uuid

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


def random_key() -> int:
    """A key of a row that does not tell which row came first: in SQLite it is also where the row lies."""
    return 1 + secrets.randbelow(2**62)


class Committee(models.Model):
    """The people of one workplace (or several) who organise themselves here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=80)
    zone = models.CharField(_("time zone"), max_length=60)
    founding_secret_hash = models.CharField(max_length=64, unique=True)  # of the one-time link
    founding_expires_at = models.DateTimeField()
    board_key = models.CharField(max_length=64)  # public half; the private half lies in the secrets folder
    last_number = models.PositiveIntegerField(default=0)  # the last entry number handed out

    class Meta:
        verbose_name = _("committee")

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place where people work."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("site")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                name="site_names_are_used_once_in_a_committee", fields=["committee", "name"]
            )
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A ward or department of a site, with how many people work there."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(_("name"), max_length=80)
    headcount = models.PositiveIntegerField(_("headcount"))

    class Meta:
        verbose_name = _("unit")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(name="unit_names_are_used_once_in_a_site", fields=["site", "name"])
        ]

    def __str__(self) -> str:
        return self.name


class Occupation(models.Model):
    """What people do: nurse, transporter, technician; with how many do it."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="occupations")
    name = models.CharField(_("name"), max_length=80)
    headcount = models.PositiveIntegerField(_("headcount"))

    class Meta:
        verbose_name = _("occupation")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                name="occupation_names_are_used_once_in_a_committee", fields=["committee", "name"]
            )
        ]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """A link that lets somebody ask to join; only the hash of its secret is kept."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="invitations")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey("Member", on_delete=models.PROTECT, related_name="invitations")
    uses_left = models.PositiveSmallIntegerField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("invitation")

    def __str__(self) -> str:
        return f"{self.uses_left}"


class Member(models.Model):
    """Somebody with keys: a candidate until the roll has their entry, then a member, known by a handle."""

    class State(models.TextChoices):
        CANDIDATE = "candidate", _("waiting to be vouched for")
        MEMBER = "member", _("member")
        LEFT = "left", _("left")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="members")
    number = models.PositiveIntegerField(_("entry number"))
    handle = models.CharField(_("handle"), max_length=30, blank=True)  # emptied when they leave
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="members")
    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, null=True, related_name="members")
    state = models.CharField(max_length=10, choices=State, default=State.CANDIDATE)
    sign_in_hash = models.CharField(max_length=64, unique=True)
    keys = models.JSONField()  # {"member": hex, "credentials": {group: text}}, as on the roll
    proofs = models.JSONField()  # {group: {"challenge", "response"}}
    session_round = models.PositiveIntegerField(default=0)  # a session of an earlier round is over

    class Meta:
        verbose_name = _("member")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="entry_numbers_are_used_once", fields=["committee", "number"]),
            models.CheckConstraint(
                name="who_left_keeps_no_handle_unit_or_occupation",
                condition=~Q(state="left") | Q(handle="", unit=None, occupation=None),
            ),
        ]

    def __str__(self) -> str:
        return self.handle

    @cached_property
    def renewal_asked(self) -> "Renewal | None":
        """New keys for this entry that colleagues vouched for: every page of the old device tells of them."""
        asked = Q(state=Renewal.State.ASKED, vouches__isnull=False) | Q(state=Renewal.State.WAITING)
        return self.renewals.filter(asked).order_by("counts_from").last()


class Device(models.Model):
    """A browser that has signed in before: its attempts are never delayed by strangers' failures."""

    id = models.BigAutoField(primary_key=True, default=random_key)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="devices")
    token_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("device")

    def __str__(self) -> str:
        return str(self.pk)


class Passkey(models.Model):
    """A key in a phone or a password manager that signs its member in. What it seals it alone can open."""

    id = models.BigAutoField(primary_key=True, default=random_key)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(_("name"), max_length=40)
    credential_id = models.CharField(max_length=1400, unique=True)  # base64url, as browsers write it
    user_handle = models.CharField(max_length=88)  # base64url of random bytes; says nothing of the member
    public_key = models.TextField()  # COSE, in hexadecimal
    sign_count = models.PositiveBigIntegerField()
    sealed_root = models.CharField(max_length=88, blank=True)  # hexadecimal; empty where it gives no PRF

    class Meta:
        verbose_name = _("passkey")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class HandOver(models.Model):
    """A member's key on its way to another device of theirs: sealed for that device, fetched once."""

    class State(models.TextChoices):
        OPENED = "opened", _("opened")
        SEALED = "sealed", _("sealed")
        FETCHED = "fetched", _("fetched")

    id = models.BigAutoField(primary_key=True, default=random_key)
    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="hand_over")
    code_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=7, choices=State, default=State.OPENED)
    key = models.CharField(max_length=64)  # of the device that seals, made for this once
    envelope = models.CharField(max_length=1024, blank=True)  # emptied when it is fetched
    expires_at = models.DateTimeField()  # on a full five minutes, so that it does not tell when it began

    class Meta:
        verbose_name = _("hand-over")
        constraints = [
            models.CheckConstraint(
                name="only_a_sealed_hand_over_holds_an_envelope",
                condition=Q(state="sealed") ^ Q(envelope=""),
            )
        ]

    def __str__(self) -> str:
        return str(self.state)


class StrangerBudget(models.Model):
    """How many attempts by unknown callers have failed lately, all of them together: no address is kept."""

    only = models.BooleanField(primary_key=True, default=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    last_failure_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("budget of unknown callers")
        constraints = [models.CheckConstraint(name="there_is_one_budget_for_all", condition=Q(only=True))]

    def __str__(self) -> str:
        return str(self.failures)


class Vouch(models.Model):
    """One member's signed word for a candidate, until and after it stands in the roll."""

    candidate = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="vouches_received")
    voucher = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="vouches_given")
    day = models.DateField()
    signature = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("vouch")
        constraints = [
            models.UniqueConstraint(
                name="a_member_vouches_once_for_a_candidate", fields=["candidate", "voucher"]
            ),
            models.CheckConstraint(
                name="nobody_vouches_for_themselves", condition=~Q(candidate=models.F("voucher"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id} → {self.candidate_id}"


class Renewal(models.Model):
    """New keys for an entry whose member lost the old ones: a link, keys, vouches, a record, two days."""

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        ASKED = "asked", _("waiting for vouches")
        WAITING = "waiting", _("on the roll, not counting yet")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")

    id = models.BigAutoField(primary_key=True, default=random_key)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="renewals")
    state = models.CharField(max_length=7, choices=State, default=State.INVITED)
    secret_hash = models.CharField(max_length=64, unique=True)  # of the link that a colleague showed
    expires_at = models.DateTimeField()
    sign_in_hash = models.CharField(max_length=64, unique=True, null=True)
    keys = models.JSONField(default=dict)  # empty until the new device has made them
    proofs = models.JSONField(default=dict)
    counts_from = models.DateField(null=True)

    class Meta:
        verbose_name = _("renewal")
        constraints = [
            models.UniqueConstraint(
                name="one_renewal_of_a_member_waits", fields=["member"], condition=Q(state="waiting")
            ),
            models.CheckConstraint(
                name="a_renewal_signs_in_from_when_it_was_asked_for",
                condition=Q(state="invited") ^ Q(sign_in_hash__isnull=False),
            ),
            models.CheckConstraint(
                name="a_waiting_renewal_has_its_day", condition=~Q(state="waiting", counts_from=None)
            ),
        ]

    def __str__(self) -> str:
        return str(self.state)


class RenewalVouch(models.Model):
    """One member's signed word for a colleague's new keys, until the roll has it."""

    id = models.BigAutoField(primary_key=True, default=random_key)
    renewal = models.ForeignKey(Renewal, on_delete=models.CASCADE, related_name="vouches")
    voucher = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    signature = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("vouch for new keys")
        constraints = [
            models.UniqueConstraint(name="a_member_vouches_once_for_a_renewal", fields=["renewal", "voucher"])
        ]

    def __str__(self) -> str:
        return str(self.pk)


class RollRecord(models.Model):
    """One line of the roll, exactly as it is published."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="roll")
    position = models.PositiveIntegerField()
    text = models.TextField()
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("roll record")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="roll_positions_are_used_once", fields=["committee", "position"])
        ]

    def __str__(self) -> str:
        return f"{self.position}"


class Role(models.Model):
    """
    A role somebody is proposed for or holds.

    The founder is organiser from the start. Otherwise two others' signatures or a ballot give a role; the
    holder's signature, a ballot or the end of their entry ends it.
    """

    class Kind(models.TextChoices):
        ORGANISER = "organiser", _("organiser")
        TRUSTEE = "trustee", _("trustee")
        TELLER = "teller", _("teller")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        HELD = "held", _("held")
        ENDED = "ended", _("ended")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="roles")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    day = models.DateField()  # the day that the confirmations sign

    class Meta:
        verbose_name = _("role")
        constraints = [
            models.UniqueConstraint(
                name="a_role_is_proposed_or_held_once_a_member",
                fields=["member", "kind"],
                condition=~Q(state="ended"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class RoleConfirmation(models.Model):
    """One member's signature under a proposed role."""

    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="confirmations")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="role_confirmations")
    signature = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("confirmation of a role")
        constraints = [models.UniqueConstraint(name="a_member_confirms_a_role_once", fields=["role", "by"])]

    def __str__(self) -> str:
        return str(self.pk)
