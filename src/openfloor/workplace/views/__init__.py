"""The workplace's pages: find, permit, one action, answer."""

from openfloor.workplace.views.inviting import end_invitation, invitations
from openfloor.workplace.views.joining import enrol, found, give_up, join, join_state
from openfloor.workplace.views.ledger import ledger, ledger_file
from openfloor.workplace.views.places import workplace
from openfloor.workplace.views.roles import confirm_role, decline_role, resign_role, roles
from openfloor.workplace.views.roll import handles, object_to, roll, roll_file, withdraw_objection
from openfloor.workplace.views.signing_in import forget_devices, leave, me, sign_in, sign_out
from openfloor.workplace.views.vouching import candidate, vouch

__all__ = [
    "candidate",
    "confirm_role",
    "decline_role",
    "end_invitation",
    "enrol",
    "forget_devices",
    "found",
    "give_up",
    "handles",
    "invitations",
    "join",
    "join_state",
    "leave",
    "ledger",
    "ledger_file",
    "me",
    "object_to",
    "resign_role",
    "roles",
    "roll",
    "roll_file",
    "sign_in",
    "sign_out",
    "vouch",
    "withdraw_objection",
    "workplace",
]
