from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = _("How it went")

    def ready(self) -> None:
        from feedback.models import Round
        from partnerships.models import Meeting

        def plan_round(sender: type[Meeting], instance: Meeting, created: bool, raw: bool, **kwargs) -> None:
            """A meeting has its code from the day it is planned, so that an agenda can carry it."""
            if created and not raw:
                Round.objects.create(meeting=instance)

        post_save.connect(plan_round, sender=Meeting, weak=False, dispatch_uid="feedback.plan_round")
