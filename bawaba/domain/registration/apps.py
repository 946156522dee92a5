from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    name = "bawaba.domain.registration"
    label = "registration"
