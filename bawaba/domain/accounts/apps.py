from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save


class AccountsConfig(AppConfig):
    name = "bawaba.domain.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listens for second factors, once the library that keeps them is loaded. An action notes who signs in."""
        from allauth.mfa.models import Authenticator

        from bawaba.domain.accounts import allauth

        user_logged_in.disconnect(dispatch_uid="update_last_login")
        post_save.connect(allauth.on_factor_saved, sender=Authenticator)
        post_delete.connect(allauth.on_factor_deleted, sender=Authenticator)
