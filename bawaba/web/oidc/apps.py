from django.apps import AppConfig


class OidcConfig(AppConfig):
    name = "bawaba.web.oidc"
    label = "oidc"

    def ready(self) -> None:
        """Hears when a person loses what rested on earlier sessions: the tokens of services go in the same moment."""
        from bawaba.domain.accounts.signals import access_ended
        from bawaba.web.oidc import heard

        access_ended.connect(heard.on_access_ended)
