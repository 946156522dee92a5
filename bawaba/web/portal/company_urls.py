"""Companies: one's own requests, the company one acts for, its members, and what it lets others do."""

from django.urls import path

from bawaba.web.portal import (
    acting,
    company,
    delegations,
    invitations,
    join_requests,
    joining,
    members,
    services,
    user_list,
)

urlpatterns = [
    path("act-for/", acting.act_for, name="act_for"),
    path("services/<slug:key>/", services.open_service, name="open_service"),
    path("join/", joining.join_company, name="join_company"),
    path("requests/", joining.my_requests, name="my_requests"),
    path("requests/<uuid:membership>/", joining.my_request, name="my_request"),
    path("requests/<uuid:membership>/withdraw/", joining.withdraw_request, name="withdraw_request"),
    path("invitations/<uuid:invitation>/", invitations.invitation, name="invitation"),
    path("invitations/<uuid:invitation>/answer/", invitations.answer_invitation, name="answer_invitation"),
    path("company/", company.company, name="company"),
    path("company/edit/", company.edit_company, name="edit_company"),
    path("company/numbers/add/", company.add_identifier, name="add_identifier"),
    path("company/numbers/<int:identifier>/remove/", company.remove_identifier, name="remove_identifier"),
    path("company/members/", members.members, name="members"),
    path("company/members/<uuid:membership>/", members.member, name="member"),
    path("company/members/<uuid:membership>/roles/", members.change_roles, name="change_roles"),
    path("company/members/<uuid:membership>/suspend/", members.suspend_member, name="suspend_member"),
    path("company/members/<uuid:membership>/resume/", members.resume_member, name="resume_member"),
    path("company/members/<uuid:membership>/end/", members.end_member, name="end_member"),
    path("company/requests/", join_requests.join_requests, name="join_requests"),
    path("company/requests/<uuid:membership>/", join_requests.join_request, name="join_request"),
    path("company/invitations/", invitations.invitations, name="invitations"),
    path("company/invitations/<uuid:invitation>/again/", invitations.resend_invitation, name="resend_invitation"),
    path(
        "company/invitations/<uuid:invitation>/withdraw/", invitations.withdraw_invitation, name="withdraw_invitation"
    ),
    path("company/delegations/", delegations.delegations, name="delegations"),
    path("company/delegations/<uuid:delegation>/answer/", delegations.answer_delegation, name="answer_delegation"),
    path("company/delegations/<uuid:delegation>/revoke/", delegations.revoke_delegation, name="revoke_delegation"),
    path("company/users/", user_list.user_list, name="user_list"),
]
