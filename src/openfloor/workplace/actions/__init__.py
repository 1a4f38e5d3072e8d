"""Every deed of the workplace, one transaction each. Refusals are raised as `errors` and change nothing."""

from openfloor.workplace.actions.devices import shut_out, sign_out_everywhere
from openfloor.workplace.actions.founding import begin_founding, prepare_committee, renew_founding_link
from openfloor.workplace.actions.handing_over import (
    fetch_hand_over,
    forget_old_hand_overs,
    open_hand_over,
    seal_hand_over,
    stop_hand_over,
)
from openfloor.workplace.actions.joining import begin_joining, enrol, make_invitation, revoke_invitation
from openfloor.workplace.actions.passkeys import (
    MOST_PASSKEYS,
    add_passkey,
    keep_sealed_root,
    refuse_too_many,
    remove_passkey,
    sign_in_by_passkey,
)
from openfloor.workplace.actions.places import (
    add_occupation,
    add_site,
    add_unit,
    change_occupation,
    change_unit,
    rename_site,
)
from openfloor.workplace.actions.renewing import (
    ask_for_new_keys,
    begin_renewal,
    invite_to_renew,
    renewal_asked_for,
    stop_renewal,
    take_due_renewals,
    vouch_for_renewal,
)
from openfloor.workplace.actions.roles import (
    CONFIRMATIONS,
    confirm_role,
    decline_role,
    end_role_by_ballot,
    give_role_by_ballot,
    propose_role,
    resign_role,
    statement_of,
)
from openfloor.workplace.actions.signing_in import forget_devices, remember_device, sign_in
from openfloor.workplace.actions.standing import give_up_joining, leave, object_to, withdraw_objection
from openfloor.workplace.actions.tickets import Ticket
from openfloor.workplace.actions.vouching import vouch

__all__ = [
    "CONFIRMATIONS",
    "MOST_PASSKEYS",
    "Ticket",
    "add_occupation",
    "add_passkey",
    "add_site",
    "add_unit",
    "ask_for_new_keys",
    "begin_founding",
    "begin_joining",
    "begin_renewal",
    "change_occupation",
    "change_unit",
    "confirm_role",
    "decline_role",
    "end_role_by_ballot",
    "enrol",
    "fetch_hand_over",
    "forget_devices",
    "forget_old_hand_overs",
    "give_role_by_ballot",
    "give_up_joining",
    "invite_to_renew",
    "keep_sealed_root",
    "leave",
    "make_invitation",
    "object_to",
    "open_hand_over",
    "prepare_committee",
    "propose_role",
    "refuse_too_many",
    "remember_device",
    "remove_passkey",
    "rename_site",
    "renew_founding_link",
    "renewal_asked_for",
    "resign_role",
    "revoke_invitation",
    "seal_hand_over",
    "shut_out",
    "sign_in",
    "sign_in_by_passkey",
    "sign_out_everywhere",
    "statement_of",
    "stop_hand_over",
    "stop_renewal",
    "take_due_renewals",
    "vouch",
    "vouch_for_renewal",
    "withdraw_objection",
]
