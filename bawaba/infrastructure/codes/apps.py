from django.apps import AppConfig


class CodesConfig(AppConfig):
    name = "bawaba.infrastructure.codes"
    label = "codes"
