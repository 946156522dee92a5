from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class AccountsConfig(AppConfig):
    name = "bawaba.domain.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listens for second factors, once the library that keeps them is loaded."""
        from allauth.mfa.models import Authenticator

        from bawaba.domain.accounts import allauth

        post_save.connect(allauth.on_factor_saved, sender=Authenticator)
        post_delete.connect(allauth.on_factor_deleted, sender=Authenticator)
