from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "bawaba.web.portal"
    label = "portal"
