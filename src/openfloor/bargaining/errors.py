"""What can refuse around contracts and what is bargained about them, each in one sentence for the member."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from openfloor.ui.errors import Refusal


class BargainingError(Refusal):
    """Base of everything that bargaining refuses."""


class OrganisersBargain(BargainingError):
    code = "organisers_bargain"
    sentence = _("Only an organiser can write this down. Nothing was changed.")
    status = HTTPStatus.FORBIDDEN


class BadContract(BargainingError):
    code = "bad_contract"
    sentence = _(
        "A contract needs a title, an employer and our side, and ends after it starts. Nothing was saved; "
        "correct it and send again."
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class ForeignUnit(BargainingError):
    code = "foreign_unit"
    sentence = _("One of these units is not of this committee. Nothing was saved; reload the page.")
    status = HTTPStatus.UNPROCESSABLE_ENTITY
