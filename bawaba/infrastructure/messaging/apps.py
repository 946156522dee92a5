from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "bawaba.infrastructure.messaging"
    label = "messaging"
