"""The ledger's rows. A row is never changed but to remove its payload, and that by another row."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LedgerEntry(models.Model):
    """One link of a committee's chain: `text` is the canonical entry, `hash` its SHA-256."""

    committee_id = models.UUIDField()
    number = models.PositiveIntegerField()
    text = models.TextField()
    hash = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    salt = models.CharField(max_length=64, null=True)
    payload = models.TextField(null=True)  # canonical text

    class Meta:
        verbose_name = _("ledger entry")
        ordering = ["committee_id", "number"]
        constraints = [
            models.UniqueConstraint(name="ledger_numbers_are_used_once", fields=["committee_id", "number"]),
            models.CheckConstraint(
                name="ledger_payload_and_salt_go_together",
                condition=models.Q(salt=None, payload=None)
                | models.Q(salt__isnull=False, payload__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"
