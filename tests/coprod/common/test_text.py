"""Names and addresses that mails, spreadsheets and readers can all hold."""

import pytest
from django.core.exceptions import ValidationError

from coprod.common.text import mailable, plain, tidy
from partnerships.models import User


@pytest.mark.parametrize(
    "name", ["Seán Ó Néill", "O’Brien-Smith", "王小明", "محمد", "نیم\u200cفاصله", "3rd Derry Scouts", ""]
)
def test_names_of_every_script_are_fine(name):
    plain(name)


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "+44",
        "-x",
        "@SUM",
        "＝1+1",
        "Da\u202era",
        "Da\u2066ra",
        "Da\u200bra",
        "Da\u00adra",
        "\ufeffDara",
        "Dara\x07",
        "Da\u2028ra",
        "\u3164",
        "a\u2800",
        "\U000e0041x",
        "—",
        "…!",
    ],
)
def test_formulas_and_what_cannot_be_seen_are_refused(name):
    with pytest.raises(ValidationError):
        plain(name)


@pytest.mark.parametrize(
    "address", ["dara@example.org", "d.o'neill+board@mail.example.co.uk", f"{'x' * 64}@example.org"]
)
def test_addresses_that_every_server_takes(address):
    mailable(address)


@pytest.mark.parametrize(
    "address", ["dara", "ſam@example.org", "victim@gmaıl.example", '"a b"@example.org', f"a@{'x.' * 130}org"]
)
def test_addresses_that_look_like_others_or_cannot_be_mailed_are_refused(address):
    with pytest.raises(ValidationError):
        mailable(address)


def test_blanks_are_put_in_order():
    assert tidy("  Dara \n Sample\t") == "Dara Sample"


@pytest.mark.django_db
def test_an_account_is_found_letter_for_letter():
    like = User.objects.create_user("v\u0131ctim@example.org")
    victim = User.objects.for_email("VICTIM@example.org")
    assert (victim.email, victim == like) == ("victim@example.org", False)
    assert User.objects.for_email(" victim@example.org ") == victim
