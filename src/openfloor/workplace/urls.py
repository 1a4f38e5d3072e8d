"""Addresses of the workplace. Secrets of links stand after the # and never reach them."""

from django.urls import path

from openfloor.workplace import views

urlpatterns = [
    path("found/", views.found, name="found"),
    path("join/", views.join, name="join"),
    path("join/enrol/", views.enrol, name="enrol"),
    path("join/state.json", views.join_state, name="join_state"),
    path("join/stop/", views.give_up, name="give_up"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("me/", views.me, name="me"),
    path("me/devices/forget/", views.forget_devices, name="forget_devices"),
    path("me/leave/", views.leave, name="leave"),
    path("invitations/", views.invitations, name="invitations"),
    path("invitations/<int:pk>/end/", views.end_invitation, name="end_invitation"),
    path("vouch/", views.vouch, name="vouch"),
    path("vouch/<int:number>.json", views.candidate, name="candidate"),
    path("roll/", views.roll, name="roll"),
    path("roll.jsonl", views.roll_file, name="roll_file"),
    path("roll/handles/", views.handles, name="handles"),
    path("roll/objections/", views.object_to, name="object_to"),
    path("roll/objections/withdraw/", views.withdraw_objection, name="withdraw_objection"),
    path("roles/", views.roles, name="roles"),
    path("roles/<int:pk>/confirm/", views.confirm_role, name="confirm_role"),
    path("roles/<int:pk>/decline/", views.decline_role, name="decline_role"),
    path("roles/<int:pk>/resign/", views.resign_role, name="resign_role"),
    path("workplace/", views.workplace, name="workplace"),
    path("ledger/", views.ledger, name="ledger"),
    path("ledger.jsonl", views.ledger_file, name="ledger_file"),
]
