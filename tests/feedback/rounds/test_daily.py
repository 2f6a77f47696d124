"""What the daily command does beside ending rounds: tells owners what is due, and clears papers away."""

import datetime
import os
from io import StringIO

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from partnerships.models import Action, Paper
from tests.factories import AgendaItemFactory

pytestmark = pytest.mark.django_db


def daily() -> str:
    out = StringIO()
    call_command("daily", stdout=out)
    return out.getvalue()


class TestOwners:
    @pytest.fixture(autouse=True)
    def _bob_has_something_to_do(self, cast, meeting):
        due_on = timezone.localdate() - datetime.timedelta(days=1)
        Action.objects.create(meeting=meeting, decided="Ask", member=cast.bob.memberships.get(), due_on=due_on)

    def test_are_told_once_a_week(self, time_machine):
        words = "Reminded 1 of 1 people of what they have to do\n"
        time_machine.move_to(timezone.now(), tick=False)
        said = []
        for _day in range(8):
            said.append(daily())
            time_machine.shift(datetime.timedelta(days=1))
        assert said == [words, *[""] * 6, words]
        assert [message.to for message in mail.outbox] == [["bob@example.org"]] * 2

    def test_are_told_the_next_day_where_the_mail_server_was_down(self, settings):
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.mailboxes.Down"}}
        assert daily() == "Reminded 0 of 1 people of what they have to do\n"
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
        assert daily() == "Reminded 1 of 1 people of what they have to do\n"

    def test_are_told_the_next_day_where_it_does_not_let_us_in(self, settings):
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.broken_mailboxes.Locked"}}
        assert daily() == ""
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
        assert daily() == "Reminded 1 of 1 people of what they have to do\n"

    def test_are_told_even_where_a_key_could_not_be_destroyed(self):
        stuck = settings.SEAL_DIR / "WWW111.key"
        stuck.mkdir()
        os.utime(stuck, (0, 0))
        with pytest.raises(CommandError, match="SEAL_DIR"):
            daily()
        assert len(mail.outbox) == 1


def test_a_file_that_no_paper_has_is_deleted_once_it_is_certain_that_none_will(meeting):
    """One that is being uploaded just now has no row yet."""
    settings.PAPERS_DIR.mkdir()
    for name in ("stray.pdf", "kept.pdf", "uploading.pdf"):
        (settings.PAPERS_DIR / name).write_text("")
    Paper.objects.create(item=AgendaItemFactory(meeting=meeting), title="Plan", kind="pdf", file="kept.pdf")
    for name in ("stray.pdf", "kept.pdf"):
        os.utime(settings.PAPERS_DIR / name, (0, 0))
    assert daily() == "Deleted a file that no paper has: stray.pdf\n"
    assert sorted(os.listdir(settings.PAPERS_DIR)) == ["kept.pdf", "uploading.pdf"]
    assert daily() == ""
