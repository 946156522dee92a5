from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "bawaba.domain.companies"
    label = "companies"

    def ready(self) -> None:
        """Hears when a person is called otherwise: members are found and sorted by name."""
        from bawaba.domain.accounts.signals import name_changed
        from bawaba.domain.companies import heard

        name_changed.connect(heard.on_name_changed)
