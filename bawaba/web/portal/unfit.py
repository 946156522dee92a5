"""What the library's pages lack: a form that comes back with errors is answered 422, as on every other page."""

from typing import Any

from django.http import HttpResponse


class Unfit:
    """In front of a view of the library that draws its own form again."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # the view that it stands in front of
        if form.errors and response.status_code == 200:
            response.status_code = 422
        return response
