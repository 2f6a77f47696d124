from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    verbose_name = _("Who meets")

    def ready(self) -> None:
        from partnerships import sessions  # noqa: F401  (its receivers)
