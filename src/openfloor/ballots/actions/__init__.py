"""What can be done to a ballot: one deed, one transaction. `now` is an argument; in a cast time goes on."""

from openfloor.ballots.actions.casting import Receipt, cast
from openfloor.ballots.actions.ceremony import (
    finish_key,
    hand_in_certificate,
    hand_in_coefficients,
    refuse_shares,
)
from openfloor.ballots.actions.closing import add_up, close_if_due, count_if_complete, hand_in_decryption
from openfloor.ballots.actions.deciding import declare_uncountable, extend
from openfloor.ballots.actions.drafting import (
    FEWEST_TELLERS,
    FEWEST_TRUSTEES,
    announce,
    copy_ballot,
    draft_ballot,
    edit_draft,
    give_new_address,
    withdraw,
)
from openfloor.ballots.actions.freezing import freeze_if_ready
from openfloor.ballots.actions.keymaking import hand_in_trustee_key, prove_copy
from openfloor.ballots.actions.mandates import (
    Happened,
    confirm_event,
    drop_event,
    enter_event,
    record_offer,
    settle,
    show_mandates,
)
from openfloor.ballots.actions.mixing import hand_in_shuffle
from openfloor.ballots.actions.opening import open_if_due, sign_audit, sign_freeze
from openfloor.ballots.actions.overriding import call_for_vote
from openfloor.ballots.actions.publishing import erase_blind_keys, publish_if_due
from openfloor.ballots.actions.replacing import replace_trustees, say_key_is_lost
from openfloor.ballots.actions.slips import cancel_slips, finish_slips, make_slips
from openfloor.ballots.actions.voiding import void_if_announced, void_if_lost

__all__ = [
    "FEWEST_TELLERS",
    "FEWEST_TRUSTEES",
    "Happened",
    "Receipt",
    "add_up",
    "announce",
    "call_for_vote",
    "cancel_slips",
    "cast",
    "close_if_due",
    "confirm_event",
    "copy_ballot",
    "count_if_complete",
    "declare_uncountable",
    "draft_ballot",
    "drop_event",
    "edit_draft",
    "enter_event",
    "erase_blind_keys",
    "extend",
    "finish_key",
    "finish_slips",
    "freeze_if_ready",
    "give_new_address",
    "hand_in_certificate",
    "hand_in_coefficients",
    "hand_in_decryption",
    "hand_in_shuffle",
    "hand_in_trustee_key",
    "make_slips",
    "open_if_due",
    "prove_copy",
    "publish_if_due",
    "record_offer",
    "refuse_shares",
    "replace_trustees",
    "say_key_is_lost",
    "settle",
    "show_mandates",
    "sign_audit",
    "sign_freeze",
    "void_if_announced",
    "void_if_lost",
    "withdraw",
]
