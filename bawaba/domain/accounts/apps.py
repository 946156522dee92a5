from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "bawaba.domain.accounts"
    label = "accounts"
