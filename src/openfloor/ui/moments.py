"""Moments that a member types, as the committee's clock shows them: an hour that it skips is refused."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class MomentField(forms.Field):
    """A moment typed as the clock on the committee's wall shows it."""

    widget = MomentInput
    default_error_messages = {
        "invalid": _("Write the day and the time."),
        "skipped": _("There is no such hour: the clocks are put forward. Choose one before or after."),
        "twice": _("This hour comes twice: the clocks are put back. Choose one before or after."),
    }

    def __init__(self, zone: ZoneInfo, **options: Any) -> None:
        super().__init__(**options)
        self.zone = zone

    def prepare_value(self, value: Any) -> Any:
        return (
            value.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else value
        )

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            wall = datetime.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        if wall.tzinfo is not None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return self._on_the_wall(wall)

    def _on_the_wall(self, wall: datetime) -> datetime:
        try:
            moment = wall.replace(tzinfo=self.zone).astimezone(UTC)
            again = moment.astimezone(self.zone).replace(tzinfo=None)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        if again != wall:
            raise ValidationError(self.error_messages["skipped"], code="skipped")
        if wall.replace(tzinfo=self.zone, fold=1).astimezone(UTC) != moment:
            raise ValidationError(self.error_messages["twice"], code="twice")
        return moment

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)
