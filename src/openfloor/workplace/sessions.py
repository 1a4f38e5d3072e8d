"""Sessions that do not tell when somebody came: they name the day on which they end, and no moment.

The trap: Django signs a session with the second of its last change, and lets it end a whole number of days
after that second. Beside a board that somebody watched, this would tell who cast which paper. SQLite moreover
numbers rows as they come.
"""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.core.signing import BadSignature, Signer
from django.db import connection, transaction
from django.utils import timezone

from openfloor.workplace.models import random_key


class SessionStore(db.SessionStore):
    @classmethod
    def clear_expired(cls) -> None:
        """Those that nobody else is clearing just now: two could wait for each other's rows without end."""
        old = cls.get_model_class().objects.filter(expire_date__lt=timezone.now())
        old.filter(pk__in=old.select_for_update(skip_locked=True).values("pk")).delete()

    def save(self, must_create: bool = False) -> None:
        """A new row gets a place that does not tell when it came."""
        with transaction.atomic():
            super().save(must_create)
            if must_create:
                self._lose_the_order()

    def _lose_the_order(self) -> None:
        if connection.vendor == "sqlite":
            place = [random_key(), self.session_key]
            with connection.cursor() as cursor:
                cursor.execute("UPDATE django_session SET rowid = %s WHERE session_key = %s", place)

    def encode(self, session_dict: dict[str, Any]) -> str:
        return Signer(salt=self.key_salt).sign_object(session_dict)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            values: dict[str, Any] = Signer(salt=self.key_salt).unsign_object(str(session_data))
        except BadSignature:
            return {}
        return values

    def get_expiry_date(self, **given: Any) -> datetime:
        """The midnight before."""
        return super().get_expiry_date(**given).replace(hour=0, minute=0, second=0, microsecond=0)
