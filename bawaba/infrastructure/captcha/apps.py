from django.apps import AppConfig


class CaptchaConfig(AppConfig):
    name = "bawaba.infrastructure.captcha"
    label = "captcha"
