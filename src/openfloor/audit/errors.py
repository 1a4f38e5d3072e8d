"""What the ledger refuses."""

from django.utils.translation import gettext_lazy as _

from openfloor.ui.errors import Refusal


class NothingToRemove(Refusal):
    code = "nothing_to_remove"
    sentence = _("This entry of the ledger has no text that could be removed. Nothing was changed.")
