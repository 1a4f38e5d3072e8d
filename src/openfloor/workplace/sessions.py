"""Sessions that do not tell when somebody came: they name the day on which they end, and no moment.

The trap: Django signs a session with the second of its last change, and lets it end a whole number of days
after that second. Beside a board that somebody watched, this would tell who cast which paper.
"""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.core.signing import BadSignature, Signer


class SessionStore(db.SessionStore):
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
