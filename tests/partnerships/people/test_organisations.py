"""The partner bodies of an area."""

import pytest
from django.urls import reverse

from partnerships.models import Entry, Organisation
from tests.actors.phones import text_of
from tests.factories import MemberFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
LIST = "/areas/derry/organisations/"


@pytest.fixture
def libraries(partnership) -> Organisation:
    return OrganisationFactory(area=partnership.area, name="Libaries NI", sector="business")


def one(organisation: Organisation) -> str:
    return reverse("partnerships:organisation", args=["derry", organisation.pk])


def test_are_listed_with_how_many_represent_them(as_, partnership, libraries):
    MemberFactory(partnership=partnership, organisation=libraries)
    MemberFactory(partnership=partnership, organisation=libraries, left_on="2999-01-01")
    OrganisationFactory(name="Elsewhere")
    OrganisationFactory(area=partnership.area, name="Allstate", sector="business")
    page = text_of(as_("carol").get(LIST))
    assert "Allstate Business. 0 members Libaries NI Business. 1 member" in page
    assert "Elsewhere" not in page


def test_none_is_said(as_):
    assert "There is none yet." in text_of(as_("eve").get("/areas/mid-ulster/organisations/"))


def test_can_be_put_right(as_, libraries):
    form = {"name": " Libraries  NI", "sector": "statutory"}
    assert "Saved." in text_of(as_("carol").post(one(libraries), form, follow=True))
    libraries.refresh_from_db()
    assert (libraries.name, libraries.sector) == ("Libraries NI", "statutory")
    assert Entry.objects.get().act == "organisation_changed"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": ""}, "Type the organisation"),
        ({"name": "=1"}, "“=1” begins with ="),
        ({"name": "RAINBOW cfc"}, "The area has an organisation of this name already."),
        ({"sector": ""}, "Choose the sector"),
    ],
)
def test_tells_what_is_wrong(as_, partnership, libraries, typed, told):
    OrganisationFactory(area=partnership.area, name="Rainbow CFC")
    response = as_("carol").post(one(libraries), {"name": "Libraries NI", "sector": "statutory"} | typed)
    assert response.status_code == 422
    assert told in text_of(response)
    assert "Libaries NI" in text_of(response)


def test_of_another_area_are_not_there(as_):
    assert as_("carol").get(one(OrganisationFactory())).status_code == 404


def test_one_that_was_mistyped_goes_when_its_only_member_is_put_right(as_, partnership, libraries):
    OrganisationFactory(area=partnership.area, name="Libraries NI", sector="statutory")
    dara = MemberFactory(partnership=partnership, name="Dara", organisation=libraries)
    form = {"name": "Dara", "email": "", "organisation_name": "Libraries NI", "sector": "", "role": "member"}
    as_("alice").post(reverse("partnerships:member", args=["growth", dara.pk]), form)
    assert not Organisation.objects.filter(pk=libraries.pk).exists()


def test_takes_the_same_number_of_queries_for_1_and_for_3(as_, partnership, libraries, django_assert_num_queries):
    carol = as_("carol")
    for more in (0, 2):
        OrganisationFactory.create_batch(more, area=partnership.area)
        with django_assert_num_queries(4):
            carol.get(LIST)
