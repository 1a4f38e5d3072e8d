"""Addresses of ballots. Those under /board/ are public, cookie-less and fixed by docs/specs/ballot.md."""

from django.urls import path, register_converter

from openfloor.ballots import views


class BeleniosUuid:
    """Belenios' identifiers; "new" is too short to be one."""

    regex = "[1-9A-HJ-NP-Za-km-z]{14,22}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(BeleniosUuid, "belenios")

urlpatterns = [
    path("ballots/", views.ballots, name="ballots"),
    path("ballots/new/", views.new, name="ballot_new"),
    path("ballots/practise/", views.practise, name="practise"),
    path("ballots/<belenios:uuid>/", views.ballot, name="ballot"),
    path("ballots/<belenios:uuid>/edit/", views.edit, name="ballot_edit"),
    path("ballots/<belenios:uuid>/announce/", views.announce, name="ballot_announce"),
    path("ballots/<belenios:uuid>/withdraw/", views.withdraw, name="ballot_withdraw"),
    path("ballots/<belenios:uuid>/copy/", views.copy, name="ballot_copy"),
    path("ballots/<belenios:uuid>/charter/", views.charter, name="ballot_charter"),
    path("ballots/<belenios:uuid>/trustee/", views.trustee, name="ballot_trustee"),
    path("ballots/<belenios:uuid>/trustee/key/", views.trustee_key, name="ballot_trustee_key"),
    path("ballots/<belenios:uuid>/trustee/copy/", views.trustee_copy, name="ballot_trustee_copy"),
    path("ballots/<belenios:uuid>/trustee/sign/", views.trustee_sign, name="ballot_trustee_sign"),
    path("ballots/<belenios:uuid>/trustee/shuffle/", views.trustee_shuffle, name="ballot_trustee_shuffle"),
    path("ballots/<belenios:uuid>/trustee.json", views.trustee_material, name="ballot_trustee_material"),
    path(
        "ballots/<belenios:uuid>/trustee/certificate/",
        views.trustee_certificate,
        name="ballot_trustee_certificate",
    ),
    path(
        "ballots/<belenios:uuid>/trustee/coefficients/",
        views.trustee_coefficients,
        name="ballot_trustee_coefficients",
    ),
    path("ballots/<belenios:uuid>/trustee/finish/", views.trustee_finish, name="ballot_trustee_finish"),
    path("ballots/<belenios:uuid>/trustee/refuse/", views.trustee_refuse, name="ballot_trustee_refuse"),
    path("ballots/<belenios:uuid>/trustee/lost/", views.trustee_lost, name="ballot_trustee_lost"),
    path("ballots/<belenios:uuid>/trustees/", views.trustees, name="ballot_trustees"),
    path("ballots/<belenios:uuid>/trustee/decrypt/", views.trustee_decrypt, name="ballot_trustee_decrypt"),
    path("ballots/<belenios:uuid>/teller/", views.teller, name="ballot_teller"),
    path("ballots/<belenios:uuid>/teller.json", views.teller_material, name="ballot_teller_material"),
    path("ballots/<belenios:uuid>/teller/sign/", views.teller_sign, name="ballot_teller_sign"),
    path("ballots/<belenios:uuid>/slips/", views.slips, name="ballot_slips"),
    path("ballots/<belenios:uuid>/slips/make/", views.slips_make, name="ballot_slips_make"),
    path("ballots/<belenios:uuid>/slips/cancel/", views.slips_cancel, name="ballot_slips_cancel"),
    path("ballots/<belenios:uuid>/slips/finish/", views.slips_finish, name="ballot_slips_finish"),
    path("ballots/<belenios:uuid>/vote/", views.vote, name="ballot_vote"),
    path("ballots/<belenios:uuid>/blind.json", views.blind, name="ballot_blind"),
    path("ballots/<belenios:uuid>/roll-parts.json", views.roll_parts, name="ballot_roll_parts"),
    path("ballots/<belenios:uuid>/extend/", views.extend, name="ballot_extend"),
    path("ballots/<belenios:uuid>/extend/sign/", views.extend_sign, name="ballot_extend_sign"),
    path("ballots/<belenios:uuid>/uncountable/", views.uncountable, name="ballot_uncountable"),
    path("ballots/<belenios:uuid>/uncountable/sign/", views.uncountable_sign, name="ballot_uncountable_sign"),
    path("ballots/<belenios:uuid>/minutes/", views.minutes, name="ballot_minutes"),
    path("mandates/", views.mandates, name="mandates"),
    path("mandates/sheet/", views.mandates_sheet, name="mandates_sheet"),
    path("mandates/openness/", views.mandates_openness, name="mandates_openness"),
    path("mandates/<belenios:uuid>/", views.mandate, name="mandate"),
    path("mandates/<belenios:uuid>/tell/", views.mandate_tell, name="mandate_tell"),
    path("mandates/events/<int:pk>/correct/", views.mandate_correct, name="mandate_correct"),
    path("mandates/events/<int:pk>/take-back/", views.mandate_take_back, name="mandate_take_back"),
    path("mandates/events/<int:pk>/confirm/", views.mandate_confirm, name="mandate_confirm"),
    path("mandates/events/<int:pk>/drop/", views.mandate_drop, name="mandate_drop"),
    path("mandates/breaches/<int:pk>/vote/", views.mandate_override, name="mandate_override"),
    path("board/mandates/<uuid:committee>/", views.public_mandates, name="public_mandates"),
    path("board/mandates/<uuid:committee>/sheet/", views.public_mandates_sheet, name="public_mandates_sheet"),
    path("board/mandates/<uuid:committee>/feed.atom", views.mandates_feed, name="mandates_feed"),
    path("roles/organiser/", views.duty, {"kind": "organiser"}, name="duty_organiser"),
    path("roles/trustee/", views.duty, {"kind": "trustee"}, name="duty_trustee"),
    path("roles/teller/", views.duty, {"kind": "teller"}, name="duty_teller"),
    path("board/<belenios:uuid>/", views.board, name="board"),
    path("board/<belenios:uuid>/<belenios:name>.bel", views.board_archive, name="board_archive"),
    path("board/<belenios:uuid>/setup.json", views.board_setup, name="board_setup"),
    path("board/<belenios:uuid>/charter.json", views.board_charter, name="board_charter"),
    path("board/<belenios:uuid>/head.json", views.board_head, name="board_head"),
    path("board/<belenios:uuid>/shuffles.json", views.board_shuffles, name="board_shuffles"),
    path("board/<belenios:uuid>/proofs.json", views.board_proofs, name="board_proofs"),
    path("board/<belenios:uuid>/slip/", views.slip_booth, name="board_slip"),
    path("board/<belenios:uuid>/cast", views.board_cast, name="board_cast"),
]
