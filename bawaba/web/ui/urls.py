"""Addresses that the furniture of the pages fetches. They stand under the language, since a recording speaks one."""

from django.urls import path

from bawaba.web.ui import captcha_files

urlpatterns = [
    path("captcha/<slug:form>/new", captcha_files.new, name="captcha_new"),
    path("captcha/<slug:form>/work", captcha_files.work, name="captcha_work"),
    path("captcha/picture/<str:picture_id>.png", captcha_files.picture, name="captcha_picture"),
    path("captcha/audio/<str:picture_id>.wav", captcha_files.audio, name="captcha_audio"),
    path("captcha/answer/<str:picture_id>", captcha_files.answer, name="captcha_answer"),
]
