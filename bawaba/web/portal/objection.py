"""Where the notice to an old e-mail leads: for 72 hours its owner can undo the change, by the button alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bawaba.domain.accounts import actions
from bawaba.web.ui import session


@never_cache
@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, token: str) -> HttpResponse:
    change = actions.email_change_objected_by(token)
    done = lost = False
    if request.method == "POST" and change is not None:
        try:
            done = actions.object_to_email_change(change=change)
        except actions.EmailTaken:
            lost = True
    if done:
        session.drop_if_ended(request)
    return render(request, "portal/objection.html", {"change": change, "done": done, "lost": lost})
