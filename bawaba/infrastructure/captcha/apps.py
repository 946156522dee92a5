from django.apps import AppConfig
from django.core.checks import register

from bawaba.infrastructure.captcha.checks import alphabet_can_be_drawn_and_read


class CaptchaConfig(AppConfig):
    name = "bawaba.infrastructure.captcha"
    label = "captcha"

    def ready(self) -> None:
        register(alphabet_can_be_drawn_and_read)
