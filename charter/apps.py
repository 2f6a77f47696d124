from django.apps import AppConfig
from django.db.models.signals import pre_delete
from django.utils.translation import gettext_lazy as _


class CharterConfig(AppConfig):
    name = "charter"
    verbose_name = _("What was promised")

    def ready(self) -> None:
        from charter.models import Adoption
        from partnerships.models import Organisation

        def follow(sender: type[Organisation], instance: Organisation, **kwargs) -> None:
            """A body that is typed anew under its right name keeps its adoption, as it keeps its actions."""
            for adoption in Adoption.objects.filter(organisation=instance).select_related("member"):
                adoption.organisation_id = adoption.member.organisation_id
                adoption.save(update_fields=["organisation"])

        pre_delete.connect(follow, sender=Organisation, weak=False, dispatch_uid="charter.follow")
