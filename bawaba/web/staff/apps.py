from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "bawaba.web.staff"
    label = "staff"
