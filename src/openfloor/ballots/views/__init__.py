"""The ballots' pages: find, permit, one action, answer."""

from openfloor.ballots.views.board import (
    board,
    board_archive,
    board_cast,
    board_charter,
    board_head,
    board_proofs,
    board_setup,
    minutes,
)
from openfloor.ballots.views.booth import blind, roll_parts, vote
from openfloor.ballots.views.calling import (
    announce,
    ballot,
    ballots,
    charter,
    copy,
    edit,
    new,
    trustees,
    withdraw,
)
from openfloor.ballots.views.counting import teller, teller_material, teller_sign
from openfloor.ballots.views.deciding import extend, extend_sign, uncountable, uncountable_sign
from openfloor.ballots.views.duties import duty
from openfloor.ballots.views.home import home
from openfloor.ballots.views.keyholding import (
    trustee,
    trustee_certificate,
    trustee_coefficients,
    trustee_copy,
    trustee_decrypt,
    trustee_finish,
    trustee_key,
    trustee_lost,
    trustee_material,
    trustee_refuse,
    trustee_sign,
)
from openfloor.ballots.views.practising import practise
from openfloor.ballots.views.slipping import slip_booth, slips, slips_cancel, slips_finish, slips_make

__all__ = [
    "announce",
    "ballot",
    "ballots",
    "blind",
    "board",
    "board_archive",
    "board_cast",
    "board_charter",
    "board_head",
    "board_proofs",
    "board_setup",
    "charter",
    "copy",
    "duty",
    "edit",
    "extend",
    "extend_sign",
    "home",
    "minutes",
    "new",
    "practise",
    "roll_parts",
    "slip_booth",
    "slips",
    "slips_cancel",
    "slips_finish",
    "slips_make",
    "teller",
    "teller_material",
    "teller_sign",
    "trustee",
    "trustee_certificate",
    "trustee_coefficients",
    "trustee_copy",
    "trustee_decrypt",
    "trustee_finish",
    "trustee_key",
    "trustee_lost",
    "trustee_material",
    "trustee_refuse",
    "trustee_sign",
    "trustees",
    "uncountable",
    "uncountable_sign",
    "vote",
    "withdraw",
]
