"""What spans all rooms: the front page, errors, headers, logs, imports."""

import logging
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.test import Client, override_settings
from django.urls import reverse

from coprod.common.pdf import render_pdf, warm_up
from coprod.logs import RouteOnly
from tests.actors.phones import Phone, all_, open_, text_of

pytestmark = pytest.mark.django_db


class TestTheFrontPage:
    def test_has_a_box_for_the_code(self):
        page = text_of(Client().get("/"))
        assert "How did the meeting go?" in page
        assert "Meeting code" in page

    @pytest.mark.parametrize("typed", ["4F7K2M", "4f7 k2m", " 4f7-k2m "])
    def test_a_code_leads_to_the_slip(self, typed):
        assert Client().get("/", {"code": typed}).headers["Location"] == "/m/4F7K2M/"

    @pytest.mark.parametrize(
        ("typed", "message"),
        [("", "Type the meeting code"), ("4F7", "A meeting code has 6 letters and numbers"), ("\0", "")],
    )
    def test_what_cannot_be_a_code_is_told_and_kept(self, typed, message):
        response = Client().get("/", {"code": typed})
        assert response.status_code == 422
        assert message in text_of(response)
        assert "Error:" in text_of(response)
        assert typed == "\0" or f'value="{typed}"' in response.content.decode() or not typed


class TestErrors:
    def test_a_page_that_does_not_exist(self, settings):
        response = Client().get("/nowhere/")
        assert response.status_code == 404
        assert "Page not found" in text_of(response)

    def test_a_right_one_does_not_have(self, as_, round):
        response = as_("bob").get(reverse("feedback:desk", args=["growth", round.meeting_id]))
        assert response.status_code == 403
        assert "Only the minute-taker, the chair and the area’s coordinators can do this." in text_of(response)

    def test_our_own_fault(self, as_, monkeypatch):
        monkeypatch.setattr("coprod.home.standings_of", None)
        client = as_("bob")
        client.raise_request_exception = False
        response = client.get("/")
        assert response.status_code == 500
        assert "This is our fault, not yours" in text_of(response)

    def test_the_browsers_icon(self):
        assert Client().get("/favicon.ico").headers["Location"] == "/static/img/together.svg"


class TestHeaders:
    def test_a_strict_policy_on_every_page(self, as_, round):
        open_(round)
        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        pages = (Client().get("/"), Client().get(f"/m/{round.code}/"), as_("alice").get("/"))
        assert {page.headers["Content-Security-Policy"] for page in pages} == {policy}

    def test_nothing_inline_in_any_template(self):
        for path in Path("templates").rglob("*.html"):
            words = path.read_text(encoding="utf-8")
            assert not re.search(r"<style|\sstyle=|<script>|\son[a-z]+=\"", words), path


class TestLogs:
    def record(self, message: str, *args: object, exc_info=None) -> str:
        record = logging.LogRecord("x", logging.WARNING, "", 0, message, args, exc_info)
        assert RouteOnly().filter(record)
        return logging.Formatter("%(message)s").format(record)

    def test_name_no_code_and_no_address(self):
        assert self.record("Not Found: %s", "/m/4F7 K2M/sent/") == "Not Found: /m/<code>"
        assert self.record("GET /?code=4F7+K2M from 192.0.2.7") == "GET /?code=<code> from <address>"
        assert self.record("from %s", "2001:db8::7") == "from <address>"
        assert self.record("Not Found: %s", "/invitation/WyJtIiw:1x:y/") == "Not Found: /invitation/<code>"
        assert self.record('"POST /m/4F7K2M/ HTTP/1.1" 302 0') == '"POST /m/<code> HTTP/1.1" 302 0'

    def test_a_traceback_shows_where_and_not_what(self):
        try:
            raise ValueError("Speak up, chair")
        except ValueError:
            line = self.record("Internal Server Error: /m/4F7K2M/", exc_info=sys.exc_info())
        assert "test_site.py" in line
        assert line.endswith("ValueError")
        assert "\nSpeak" not in line
        assert "ValueError: Speak" not in line

    def test_a_slip_leaves_nothing_in_them(self, round, caplog):
        open_(round)
        with caplog.at_level(logging.DEBUG, logger="django.request"):
            Phone(round).load().send(all_("yes"), "Speak up, chair")
            Phone(round).load().send(all_("yes") | {"agenda": "maybe"}, "Speak up, chair")
        console = logging.getLogger("django").handlers[0]
        lines = [console.format(record) for record in caplog.records if console.filter(record)]
        assert not any(round.code in line or "Speak" in line for line in lines)


class TestPdfs:
    def test_fetch_nothing(self, tmp_path):
        secret = tmp_path / "secret.txt"
        secret.write_text("secret")
        html = f'<html lang="en"><title>t</title><h1>t</h1><img src="{secret.as_uri()}" alt="x"><p>Text</p>'
        assert b"secret" not in render_pdf(html)

    def test_heads_of_rows_and_columns_say_so(self):
        head, body = '<thead><tr><th scope="col">c</th></tr></thead>', '<tbody><tr><th scope="row">r</th></tr></tbody>'
        made = render_pdf(f'<html lang="en"><title>t</title><h1>t</h1><table>{head}{body}</table>')
        with pikepdf.open(BytesIO(made)) as pdf:
            scopes = [thing.A.Scope for thing in pdf.objects if getattr(thing, "S", None) == "/TH"]
        assert scopes == ["/Column", "/Row"]

    def test_warming_up_needs_nothing(self):
        warm_up()


class TestTheDemonstrationSwitch:
    def test_without_it_nobody_signs_in_with_a_click(self):
        without = "from django.urls import reverse; reverse('demo_sign_in', args=['member'])"
        ran = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v0", "-c", without],
            env={"DEBUG": "1", "DEMO": "0", "PATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "NoReverseMatch" in ran.stderr

    def test_without_it_no_page_speaks_of_it(self):
        with override_settings(DEMO=False):
            assert "Demonstration" not in text_of(Client().get("/"))


def test_production_needs_a_secret_key():
    ran = subprocess.run(
        [sys.executable, "manage.py", "check"], env={"PATH": ""}, capture_output=True, text=True, check=False
    )
    assert "Set SECRET_KEY to a long random text" in ran.stderr


def test_imports_run_one_way():
    ran = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout
