from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "bawaba.domain.catalogue"
    label = "catalogue"
