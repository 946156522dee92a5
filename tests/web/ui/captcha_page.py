"""A page with the human check and nothing else in its way: the routes of the portal and `/sample/` (`/en/sample/`)."""

from django import forms
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from bawaba.urls import urlpatterns as portal
from bawaba.web.ui.captcha import CaptchaField, HumanCheck

PAGE = """{% extends "ui/base.html" %}{% load ui %}
{% block title %}Sample{% endblock %}
{% block main %}<h1>Sample</h1>
{% if passed %}<p role="status">passed</p>{% endif %}
<form method="post" novalidate>{% csrf_token %}
<button class="first" name="send" value="1" tabindex="-1" aria-hidden="true">Send</button>
{% for bound in form %}{% field bound %}{% endfor %}
<button class="btn" name="send" value="1">Send</button>
</form>{% endblock %}"""


class Sample(HumanCheck):
    human_check = "sample"
    first_name = forms.CharField(label="First name", required=False)
    password = forms.CharField(label="Password", required=False, widget=forms.PasswordInput)
    terms = forms.BooleanField(label="Terms", required=False)
    captcha = CaptchaField()


def sample(request: HttpRequest) -> HttpResponse:
    form = Sample.of(request)
    passed = form.is_valid()
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form, "passed": passed}, request))


urlpatterns = [*portal, *i18n_patterns(path("sample/", sample, name="sample"), prefix_default_language=False)]
