"""Every deed of the workplace, one transaction each. Refusals are raised as `errors` and change nothing."""

from openfloor.workplace.actions.founding import begin_founding, prepare_committee, renew_founding_link
from openfloor.workplace.actions.joining import begin_joining, enrol, make_invitation, revoke_invitation
from openfloor.workplace.actions.places import (
    add_occupation,
    add_site,
    add_unit,
    change_occupation,
    change_unit,
    rename_site,
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
    "Ticket",
    "add_occupation",
    "add_site",
    "add_unit",
    "begin_founding",
    "begin_joining",
    "change_occupation",
    "change_unit",
    "confirm_role",
    "decline_role",
    "end_role_by_ballot",
    "enrol",
    "forget_devices",
    "give_role_by_ballot",
    "give_up_joining",
    "leave",
    "make_invitation",
    "object_to",
    "prepare_committee",
    "propose_role",
    "remember_device",
    "rename_site",
    "renew_founding_link",
    "resign_role",
    "revoke_invitation",
    "sign_in",
    "statement_of",
    "vouch",
    "withdraw_objection",
]
