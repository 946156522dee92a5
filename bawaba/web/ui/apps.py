from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "bawaba.web.ui"
    label = "ui"
