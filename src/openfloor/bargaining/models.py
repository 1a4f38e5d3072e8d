"""Contracts and what is bargained about them. The trap: what was put forward is only ever added to."""

import secrets
import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

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
