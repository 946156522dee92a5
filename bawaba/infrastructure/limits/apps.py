from django.apps import AppConfig


class LimitsConfig(AppConfig):
    name = "bawaba.infrastructure.limits"
    label = "limits"
