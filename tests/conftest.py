"""The cast: Alice takes the minutes, Bob is a member, Carol coordinates the area, Eve another one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.core.cache import caches
from django.test import Client

import coprod.urls  # noqa: F401  (read while DEMO is on, whatever a test switches off first)
from feedback.models import Round
from partnerships.models import Meeting, Partnership, User
from tests.factories import (
    AreaFactory,
    CoordinatorFactory,
    MeetingFactory,
    MemberFactory,
    PartnershipFactory,
    UserFactory,
)


@pytest.fixture(autouse=True)
def _nothing_left_over(settings, tmp_path):
    """Each test has folders of its own for keys and papers, and a memory without cards or failures."""
    settings.SEAL_DIR = tmp_path / "seals"
    settings.SEAL_DIR.mkdir(mode=0o700)
    settings.PAPERS_DIR = tmp_path / "papers"
    caches["memory"].clear()


@dataclass
class Cast:
    alice: User
    bob: User
    carol: User
    eve: User


@pytest.fixture
def partnership(db) -> Partnership:
    return PartnershipFactory(
        area=AreaFactory(name="Derry City and Strabane", slug="derry", colour="teal"),
        name="Strategic Growth Partnership",
        slug="growth",
    )


@pytest.fixture
def meeting(partnership) -> Meeting:
    return MeetingFactory(partnership=partnership)


@pytest.fixture
def round(meeting) -> Round:
    return meeting.round


@pytest.fixture
def cast(partnership) -> Cast:
    alice, bob, carol, eve = (UserFactory(email=f"{name}@example.org") for name in ("alice", "bob", "carol", "eve"))
    MemberFactory(partnership=partnership, name="Alice", user=alice, email=alice.email, role="minute_taker")
    MemberFactory(partnership=partnership, name="Bob", user=bob, email=bob.email)
    CoordinatorFactory(area=partnership.area, user=carol, name="Carol")
    CoordinatorFactory(area=AreaFactory(name="Mid Ulster", slug="mid-ulster"), user=eve, name="Eve")
    return Cast(alice, bob, carol, eve)


@pytest.fixture
def as_(cast):
    """`as_("alice")`: a browser in which Alice is signed in."""

    def browser(name: str) -> Client:
        client = Client()
        client.force_login(getattr(cast, name))
        return client

    return browser
