from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "bawaba.domain.companies"
    label = "companies"
