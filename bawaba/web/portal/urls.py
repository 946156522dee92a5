"""The table of contents of the company's door, in the order of the guide."""

from django.urls import path

from bawaba.web.portal import front

urlpatterns = [
    path("", front.front, name="front"),
]
