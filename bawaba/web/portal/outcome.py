"""Where a press of a company's button leads: the page that shows how it stands, with what came of it."""

from collections.abc import Callable

from django.http import HttpResponse

from bawaba.domain.companies import actions
from bawaba.web.ui import notices
from bawaba.web.ui.notices import Notice


def after(change: Callable[[], object], address: str, done: Notice = Notice.SAVED) -> HttpResponse:
    """Makes the change, unless somebody was faster or the company would be left without an administrator."""
    try:
        change()
    except actions.LastAdministrator:
        return notices.redirect(address, Notice.LAST_ADMINISTRATOR)
    except (actions.OutOfDate, actions.AlreadyMember, actions.AlreadyInvited):
        return notices.redirect(address, Notice.CHANGED_MEANWHILE)
    return notices.redirect(address, done)
