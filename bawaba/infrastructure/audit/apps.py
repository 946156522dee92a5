from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "bawaba.infrastructure.audit"
    label = "audit"
