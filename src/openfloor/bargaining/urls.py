"""Addresses of the table."""

from django.urls import path

from openfloor.bargaining import views

urlpatterns = [
    path("bargaining/", views.contracts, name="contracts"),
    path("bargaining/calendar/", views.calendar, name="calendar"),
    path("bargaining/calendar/end/", views.end_calendar, name="end_calendar"),
    path("bargaining/calendar.ics", views.calendar_file, name="calendar_file"),
    path("bargaining/calendar/<slug:secret>.ics", views.calendar_for_program, name="calendar_for_program"),
    path("bargaining/contracts/new/", views.add_contract, name="add_contract"),
    path("bargaining/contracts/<uuid:contract>/", views.contract, name="contract"),
    path("bargaining/contracts/<uuid:contract>/change/", views.change_contract, name="change_contract"),
    path("bargaining/contracts/<uuid:contract>/articles/new/", views.add_article, name="add_article"),
    path("bargaining/contracts/<uuid:contract>/me/", views.offer_for_me, name="offer_for_me"),
    path("bargaining/contracts/<uuid:contract>/import/", views.import_proposal, name="import_proposal"),
    path("bargaining/contracts/<uuid:contract>/proposals.csv", views.proposals_csv, name="proposals_csv"),
    path("bargaining/contracts/<uuid:contract>/proposals.json", views.proposals_json, name="proposals_json"),
    path("bargaining/contracts/<uuid:contract>/print/", views.table_printed, name="table_printed"),
    path(
        "bargaining/contracts/<uuid:contract>/sessions/new/", views.announce_session, name="announce_session"
    ),
    path("bargaining/sessions/<uuid:session>/", views.session, name="session"),
    path("bargaining/sessions/<uuid:session>/minutes.json", views.minutes_json, name="minutes_json"),
    path("bargaining/sessions/<uuid:session>/lines/", views.write_line, name="write_line"),
    path("bargaining/sessions/<uuid:session>/end/", views.end_session, name="end_session"),
    path("bargaining/sessions/<uuid:session>/go-on/", views.go_on, name="go_on"),
    path("bargaining/sessions/<uuid:session>/note-takers/", views.note_takers, name="note_takers"),
    path("bargaining/sessions/<uuid:session>/rules/", views.ground_rules, name="ground_rules"),
    path("bargaining/sessions/<uuid:session>/reading/", views.reading, name="session_reading"),
    path("bargaining/sessions/<uuid:session>/report/", views.report, name="session_report"),
    path("bargaining/sessions/<uuid:session>/report/edit/", views.edit_report, name="edit_report"),
    path("bargaining/articles/<uuid:article>/", views.article, name="article"),
    path("bargaining/articles/<uuid:article>/compare/", views.compare, name="compare"),
    path("bargaining/articles/<uuid:article>/propose/", views.propose, name="propose"),
    path("bargaining/articles/<uuid:article>/agree/", views.agree, name="agree"),
    path("bargaining/articles/<uuid:article>/withdraw/", views.withdraw, name="withdraw"),
    path("bargaining/proposals/<uuid:proposal>/correct/", views.correct, name="correct"),
    path("bargaining/proposals/<uuid:proposal>/enforceable/", views.enforceable, name="enforceable"),
]
