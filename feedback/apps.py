from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save, pre_delete
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = _("How it went")

    def ready(self) -> None:
        from feedback.models import Round, Table
        from feedback.rounds.destruction import destroy_slips
        from feedback.trends.standings import keep_standings
        from feedback.year.workshops import end_links
        from partnerships.models import Meeting, Member

        def plan_round(sender: type[Meeting], instance: Meeting, created: bool, raw: bool, **kwargs) -> None:
            """A meeting has its code from the day it is planned, so that an agenda can carry it."""
            if created and not raw:
                Round.objects.create(meeting=instance)
            elif instance.called_off_on:  # nothing opens then, or stays open
                Round.objects.filter(meeting=instance, stage="planned").update(opens_at=None)
                Round.objects.filter(meeting=instance, stage="open").update(stage="stopped")

        def stand_anew(
            sender: type[Meeting], instance: Meeting, update_fields: frozenset[str] | None, **kwargs
        ) -> None:
            """A meeting whose day is put right may stand at another place among the others; one called off, at none."""
            concerns = update_fields and update_fields & {"date", "called_off_on"}
            if concerns and Table.objects.filter(round__meeting=instance).exists():
                keep_standings(instance.partnership_id)

        def destroy_rest(sender: type[Round], instance: Round, **kwargs) -> None:
            """A deleted meeting's slips go with it, and must not outlive it in a backup either."""
            destroy_slips(instance)

        def end_packs(sender: type[Member], instance: Member, **kwargs) -> None:
            """What a pack says can be cleaned only of names that are still known."""
            end_links(instance.partnership_id)

        post_delete.connect(end_packs, sender=Member, weak=False, dispatch_uid="feedback.end_packs")
        pre_delete.connect(destroy_rest, sender=Round, weak=False, dispatch_uid="feedback.destroy_slips")
        post_save.connect(stand_anew, sender=Meeting, weak=False, dispatch_uid="feedback.stand_anew")
        post_save.connect(plan_round, sender=Meeting, weak=False, dispatch_uid="feedback.plan_round")
