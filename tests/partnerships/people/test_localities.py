"""Northern Ireland's district electoral areas, loaded with one command."""

from io import StringIO

import pytest
from django.core.management import call_command

from partnerships.models import Area, Partnership
from tests.factories import AreaFactory, PartnershipFactory

pytestmark = pytest.mark.django_db


def load() -> str:
    out = StringIO()
    call_command("load_localities", stdout=out)
    return out.getvalue()


def test_eleven_councils_and_their_80_areas_come_with_one_command():
    assert load() == "Added 11 area(s) and 80 locality partnership(s).\n"
    assert (Area.objects.count(), Partnership.objects.filter(kind="locality").count()) == (11, 80)
    derry = Area.objects.get(slug="derry-city-and-strabane-district-council")
    assert [each.name for each in derry.partnerships.all()] == [
        "Ballyarnett DEA",
        "Derg DEA",
        "Faughan DEA",
        "Foyleside DEA",
        "Sperrin DEA",
        "The Moor DEA",
        "Waterside DEA",
    ]


def test_running_it_again_changes_nothing():
    load()
    assert load() == "Added 0 area(s) and 0 locality partnership(s).\n"


def test_what_is_there_already_stays_as_it_is():
    area = AreaFactory(name="Mid Ulster District Council", slug="mid")
    board = PartnershipFactory(area=area, name="Board")
    torrent = PartnershipFactory(area=area, name="TORRENT DEA", parent=board)
    load()
    torrent.refresh_from_db()
    assert (torrent.name, torrent.parent, torrent.kind) == ("TORRENT DEA", board, "board")
    assert area.partnerships.count() == 8
