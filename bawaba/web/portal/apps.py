from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "bawaba.web.portal"
    label = "portal"

    def ready(self) -> None:
        """Listens to the library of the sign-in, once all models are loaded."""
        from allauth.account import signals as account
        from allauth.mfa import signals as mfa

        from bawaba.web.portal import heard

        account.authentication_step_completed.connect(heard.on_proof)
        mfa.authenticator_used.connect(heard.on_factor_used)
        for changed in (mfa.authenticator_added, mfa.authenticator_removed, mfa.authenticator_reset):
            changed.connect(heard.on_factors_changed)
