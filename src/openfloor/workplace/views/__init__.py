"""The workplace's pages: find, permit, one action, answer."""

from openfloor.workplace.views.handing_over import bring_key, hand_over, seal_hand_over, stop_hand_over
from openfloor.workplace.views.inviting import end_invitation, invitations
from openfloor.workplace.views.joining import enrol, found, give_up, join, join_state
from openfloor.workplace.views.ledger import ledger, ledger_file
from openfloor.workplace.views.passkeys import (
    add_passkey,
    keep_sealed_root,
    new_passkey,
    passkey_challenge,
    remove_passkey,
    sign_in_by_passkey,
)
from openfloor.workplace.views.places import workplace
from openfloor.workplace.views.renewing import (
    ask_for_new_keys,
    help_renew,
    new_keys,
    renew,
    renewal_asked,
    renewal_state,
    stop_renewal,
    vouch_for_renewal,
)
from openfloor.workplace.views.roles import confirm_role, decline_role, resign_role, roles
from openfloor.workplace.views.roll import handles, object_to, roll, roll_file, withdraw_objection
from openfloor.workplace.views.signing_in import (
    forget_devices,
    leave,
    me,
    sign_in,
    sign_out,
    sign_out_elsewhere,
)
from openfloor.workplace.views.vouching import candidate, vouch

__all__ = [
    "add_passkey",
    "ask_for_new_keys",
    "bring_key",
    "candidate",
    "confirm_role",
    "decline_role",
    "end_invitation",
    "enrol",
    "forget_devices",
    "found",
    "give_up",
    "hand_over",
    "handles",
    "help_renew",
    "invitations",
    "join",
    "join_state",
    "keep_sealed_root",
    "leave",
    "ledger",
    "ledger_file",
    "me",
    "new_keys",
    "new_passkey",
    "object_to",
    "passkey_challenge",
    "remove_passkey",
    "renew",
    "renewal_asked",
    "renewal_state",
    "resign_role",
    "roles",
    "roll",
    "roll_file",
    "seal_hand_over",
    "sign_in",
    "sign_in_by_passkey",
    "sign_out",
    "sign_out_elsewhere",
    "stop_hand_over",
    "stop_renewal",
    "vouch",
    "vouch_for_renewal",
    "withdraw_objection",
    "workplace",
]
