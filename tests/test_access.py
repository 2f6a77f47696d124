"""Who gets what: every address x method x role x own or other area, against one declared table.

A new address that is not declared here fails.
"""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from charter.models import PartnershipAdoption
from feedback.models import ChartNote, Practice, Round, Workshop
from partnerships.models import (
    Action,
    AgendaItem,
    Aim,
    DataToken,
    Meeting,
    Objective,
    Paper,
    Partnership,
    PlanOutcome,
    Year,
)
from partnerships.people.invitations import token_for
from tests.actors.phones import open_
from tests.factories import AgendaItemFactory, CoordinatorFactory, MemberFactory, PartnershipFactory, UserFactory

pytestmark = pytest.mark.django_db

WHO = ("nobody", "eve", "bob", "alice", "carol", "admin")
SIGN_IN, OK, NO, HIDDEN, MOVED, BAD, WRONG_METHOD = "sign in", 200, 403, 404, 302, 422, 405


def each(*answers: object) -> dict[str, object]:
    """What each of WHO gets, in that order."""
    return dict(zip(WHO, answers, strict=True))


EVERYBODY = each(OK, OK, OK, OK, OK, OK)
INSIDERS = each(SIGN_IN, HIDDEN, OK, OK, OK, HIDDEN)
MEMBERS = each(SIGN_IN, HIDDEN, OK, OK, HIDDEN, HIDDEN)
RUNNERS = each(SIGN_IN, HIDDEN, NO, OK, OK, HIDDEN)
RUNNERS_MOVE = each(SIGN_IN, HIDDEN, NO, MOVED, MOVED, HIDDEN)
NOT_BY_THIS_METHOD = each(SIGN_IN, *[WRONG_METHOD] * 5)
NEVER = each(*[WRONG_METHOD] * 6)
SIGNED_OUT = each(OK, *[MOVED] * 5)
SIGNED_IN = each(SIGN_IN, *[OK] * 5)
# Nobody here has a second step: there is nothing to confirm with, to remove or to rename.
WITHOUT_SECOND_STEP = each(SIGN_IN, *[NO] * 5)
NOT_THEIRS = each(SIGN_IN, *[HIDDEN] * 5)

COORDINATORS = each(SIGN_IN, HIDDEN, NO, NO, OK, HIDDEN)
COORDINATORS_MOVE = each(SIGN_IN, HIDDEN, NO, NO, MOVED, HIDDEN)
AREA = each(SIGN_IN, *[HIDDEN] * 3, OK, HIDDEN)
AREA_MOVES = each(SIGN_IN, *[HIDDEN] * 3, MOVED, HIDDEN)


def refuses(answers: dict[str, object]) -> dict[str, object]:
    """An empty form from those whom the page is for gets it back, with what is missing."""
    return {who: BAD if answer == OK else answer for who, answer in answers.items()}


# {name: (arguments, what GET answers, what POST answers)}. The meeting is open for scoring.
TABLE = {
    "home": ((), EVERYBODY, NEVER),
    "feedback:score": (("code",), EVERYBODY, each(*[BAD] * 6)),
    "feedback:worker": ((), EVERYBODY, NEVER),
    "feedback:sent": (("code",), each(*[MOVED] * 6), NEVER),
    "partnerships:detail": (("slug",), INSIDERS, NOT_BY_THIS_METHOD),
    "partnerships:meeting": (("slug", "pk"), INSIDERS, NOT_BY_THIS_METHOD),
    "partnerships:new_meeting": (("slug",), RUNNERS, refuses(RUNNERS)),
    "partnerships:change_meeting": (("slug", "pk"), RUNNERS, refuses(RUNNERS)),
    "partnerships:dates": (("slug",), RUNNERS, refuses(RUNNERS)),
    "partnerships:actions": (("slug",), INSIDERS, each(SIGN_IN, HIDDEN, NO, HIDDEN, HIDDEN, HIDDEN)),
    "partnerships:access": (("slug",), MEMBERS, each(SIGN_IN, HIDDEN, MOVED, MOVED, HIDDEN, HIDDEN)),
    "partnerships:calendar_address": (("slug",), INSIDERS, RUNNERS_MOVE),
    "partnerships:calendar": (("calendar",), EVERYBODY, NEVER),
    "partnerships:call_off": (("slug", "pk"), RUNNERS, RUNNERS_MOVE),
    "partnerships:arrangements": (("slug", "pk"), RUNNERS, RUNNERS_MOVE),
    "partnerships:agenda": (("slug", "pk"), RUNNERS, refuses(RUNNERS)),
    "partnerships:copy_agenda": (("slug", "pk"), RUNNERS_MOVE, RUNNERS_MOVE),
    "partnerships:paper": (("slug", "pk", "paper"), INSIDERS, NOT_BY_THIS_METHOD),
    "partnerships:mailing": (("slug", "pk", "kind"), RUNNERS, RUNNERS_MOVE),
    "partnerships:decisions": (("slug", "pk"), RUNNERS, refuses(RUNNERS)),
    "partnerships:action": (("slug", "pk", "action"), RUNNERS, refuses(RUNNERS)),
    "partnerships:notes": (("slug", "pk"), INSIDERS, NOT_BY_THIS_METHOD),
    "partnerships:this_year": (("slug",), each(SIGN_IN, HIDDEN, MOVED, MOVED, MOVED, HIDDEN), NOT_BY_THIS_METHOD),
    "partnerships:year": (("slug", "number"), INSIDERS, NOT_BY_THIS_METHOD),
    "partnerships:plan": (("slug", "number"), INSIDERS, NOT_BY_THIS_METHOD),
    "partnerships:take_over_plan": (("slug", "number"), RUNNERS_MOVE, RUNNERS_MOVE),
    "partnerships:new_aim": (("slug", "number"), RUNNERS, refuses(RUNNERS)),
    "partnerships:new_outcome": (("slug", "number", "aim"), RUNNERS, refuses(RUNNERS)),
    "partnerships:new_objective": (("slug", "number", "outcome"), RUNNERS, refuses(RUNNERS)),
    "partnerships:plan_progress": (("slug", "number", "objective"), RUNNERS, refuses(RUNNERS)),
    "partnerships:plan_row": (("slug", "number", "plan_level", "objective"), RUNNERS, refuses(RUNNERS)),
    "partnerships:remove_plan_row": (("slug", "number", "plan_level", "objective"), RUNNERS, RUNNERS_MOVE),
    "feedback:import_tables": (("area",), AREA, refuses(AREA)),
    "feedback:import_example": (("area", "example"), AREA, NOT_BY_THIS_METHOD),
    # The meeting's table was not kept on paper.
    "feedback:remove_table": (("slug", "pk"), COORDINATORS_MOVE, COORDINATORS_MOVE),
    "feedback:answers": (("code",), EVERYBODY, NEVER),
    "feedback:ledger": (("slug",), INSIDERS, NOT_BY_THIS_METHOD),
    "feedback:trends": (("slug",), INSIDERS, NOT_BY_THIS_METHOD),
    "feedback:trends_pdf": (("slug",), INSIDERS, NOT_BY_THIS_METHOD),
    "feedback:area_trends": (("area",), AREA, NOT_BY_THIS_METHOD),
    "feedback:chart_notes": (("slug",), INSIDERS, refuses(RUNNERS)),
    "feedback:chart_note": (("slug", "note"), RUNNERS, refuses(RUNNERS)),
    "feedback:remove_chart_note": (("slug", "note"), RUNNERS, RUNNERS_MOVE),
    # Eve coordinates another area: what is shared, is shared with all.
    "feedback:practices": ((), each(SIGN_IN, *[OK] * 4, HIDDEN), NOT_BY_THIS_METHOD),
    "feedback:own_practices": (("slug",), INSIDERS, NOT_BY_THIS_METHOD),
    "feedback:share_practice": (("slug", "statement"), RUNNERS, refuses(RUNNERS)),
    "feedback:withdraw_practice": (("slug", "statement"), RUNNERS, RUNNERS_MOVE),
    "feedback:data": (("slug",), INSIDERS, NOT_BY_THIS_METHOD),
    "feedback:partnership_data": (("slug", "data_name", "data_kind"), INSIDERS, NOT_BY_THIS_METHOD),
    "feedback:area_data_page": (("area",), AREA, NOT_BY_THIS_METHOD),
    "feedback:area_data": (("area", "data_name", "data_kind"), AREA, NOT_BY_THIS_METHOD),
    "feedback:data_dictionary": ((), EVERYBODY, NEVER),
    "feedback:data_dictionary_csv": ((), EVERYBODY, NEVER),
    # Carol's token, whoever uses it.
    "feedback:token_partnership_data": (("data_token", "slug", "data_name", "data_kind"), EVERYBODY, NEVER),
    "feedback:token_area_data": (("data_token", "area", "data_name", "data_kind"), EVERYBODY, NEVER),
    "feedback:no_data": (("mistyped",), each(*[HIDDEN] * 6), each(*[HIDDEN] * 6)),
    "data_tokens": ((), SIGNED_IN, refuses(SIGNED_IN)),
    "revoke_data_token": (
        ("carols_token",),
        each(SIGN_IN, *[HIDDEN] * 3, OK, HIDDEN),
        each(SIGN_IN, *[HIDDEN] * 3, MOVED, HIDDEN),
    ),
    "feedback:agenda_pdf": (("slug", "pk"), INSIDERS, NOT_BY_THIS_METHOD),
    "feedback:consider": (("slug", "pk"), RUNNERS, RUNNERS),
    "feedback:raise": (("slug", "pk"), RUNNERS_MOVE, RUNNERS_MOVE),
    "feedback:remind": (("slug", "pk"), RUNNERS, RUNNERS_MOVE),
    "partnerships:settings": (("slug",), COORDINATORS, refuses(COORDINATORS)),
    "partnerships:members": (("slug",), INSIDERS, NOT_BY_THIS_METHOD),
    "partnerships:new_member": (("slug",), RUNNERS, refuses(RUNNERS)),
    "partnerships:invite_all": (("slug",), RUNNERS, RUNNERS_MOVE),
    "partnerships:on_paper": (("slug",), RUNNERS, NOT_BY_THIS_METHOD),
    "partnerships:member": (("slug", "member"), RUNNERS, refuses(RUNNERS)),
    "partnerships:invite": (("slug", "member"), RUNNERS_MOVE, RUNNERS_MOVE),
    "partnerships:leave": (("slug", "member"), RUNNERS, RUNNERS_MOVE),
    "partnerships:replace": (("slug", "member"), RUNNERS, refuses(RUNNERS)),
    "partnerships:erase": (("slug", "member"), COORDINATORS, each(SIGN_IN, HIDDEN, NO, NO, MOVED, HIDDEN)),
    "partnerships:area": (("area",), AREA, NOT_BY_THIS_METHOD),
    "partnerships:area_settings": (("area",), AREA, refuses(AREA)),
    "partnerships:new_partnership": (("area",), AREA, refuses(AREA)),
    "partnerships:import": (("area",), AREA, refuses(AREA)),
    "partnerships:export": (("area",), AREA, NOT_BY_THIS_METHOD),
    "partnerships:invite_area": (("area",), AREA, AREA_MOVES),
    "partnerships:coordinators": (("area",), AREA, refuses(AREA)),
    "partnerships:dismiss": (("area", "coordinator"), AREA, AREA_MOVES),
    "partnerships:invite_coordinator": (("area", "coordinator"), AREA_MOVES, AREA_MOVES),
    "partnerships:organisations": (("area",), AREA, NOT_BY_THIS_METHOD),
    "partnerships:organisation": (("area", "organisation"), AREA, refuses(AREA)),
    "partnerships:record": (("area",), AREA, NOT_BY_THIS_METHOD),
    "partnerships:erasures": (("area",), AREA, NOT_BY_THIS_METHOD),
    "partnerships:invitation": (("token",), EVERYBODY, each(MOVED, *[OK] * 5)),
    "partnerships:roles": ((), EVERYBODY, NEVER),
    "charter:public": (("charter",), EVERYBODY, NEVER),
    "charter:self_check": ((), EVERYBODY, EVERYBODY),
    "charter:detail": (("slug",), INSIDERS, NOT_BY_THIS_METHOD),
    "charter:adopt": (("slug",), MEMBERS, refuses(MEMBERS)),
    "charter:withdraw": (("slug", "level"), MEMBERS, each(SIGN_IN, HIDDEN, MOVED, MOVED, HIDDEN, HIDDEN)),
    "charter:record": (("slug",), RUNNERS, refuses(RUNNERS)),
    "charter:publish": (("slug",), RUNNERS, RUNNERS_MOVE),
    "charter:paper": (("slug",), RUNNERS, refuses(RUNNERS)),
    "charter:ask": (("slug",), RUNNERS, RUNNERS_MOVE),
    "charter:poster_pdf": (("slug",), INSIDERS, NOT_BY_THIS_METHOD),
    "charter:sheet_pdf": (("slug",), RUNNERS, NOT_BY_THIS_METHOD),
    "privacy": ((), EVERYBODY, NEVER),
    "own_data": ((), SIGNED_IN, NOT_BY_THIS_METHOD),
    "own_data_json": ((), SIGNED_IN, NOT_BY_THIS_METHOD),
    "ask_for_erasure": ((), SIGNED_IN, each(SIGN_IN, *[MOVED] * 5)),
    "feedback:desk": (("slug", "pk"), RUNNERS, each(SIGN_IN, HIDDEN, NO, MOVED, MOVED, HIDDEN)),
    "feedback:open": (("slug", "pk"), RUNNERS_MOVE, RUNNERS_MOVE),
    "feedback:stop": (("slug", "pk"), RUNNERS_MOVE, RUNNERS_MOVE),
    "feedback:paper": (("slug", "pk"), RUNNERS, refuses(RUNNERS)),
    "feedback:paper_form_pdf": (("slug", "pk"), INSIDERS, NOT_BY_THIS_METHOD),
    "feedback:codes": (("slug", "pk"), RUNNERS, RUNNERS_MOVE),
    "feedback:codes_pdf": (("slug", "pk"), RUNNERS_MOVE, refuses(RUNNERS)),
    "feedback:comments": (("slug", "pk"), RUNNERS_MOVE, RUNNERS_MOVE),
    "feedback:collate": (("slug", "pk"), RUNNERS_MOVE, RUNNERS_MOVE),
    "feedback:table": (("slug", "pk"), INSIDERS, NOT_BY_THIS_METHOD),
    "feedback:table_pdf": (("slug", "pk"), each(SIGN_IN, HIDDEN, MOVED, MOVED, MOVED, HIDDEN), NOT_BY_THIS_METHOD),
    # The year's round is open, as the meeting's is.
    "feedback:prepare": (("slug", "number"), RUNNERS_MOVE, RUNNERS_MOVE),
    "feedback:year_desk": (("slug", "number"), RUNNERS, each(SIGN_IN, HIDDEN, NO, MOVED, MOVED, HIDDEN)),
    "feedback:year_open": (("slug", "number"), RUNNERS_MOVE, RUNNERS_MOVE),
    "feedback:year_stop": (("slug", "number"), RUNNERS_MOVE, RUNNERS_MOVE),
    "feedback:year_remind": (("slug", "number"), RUNNERS, RUNNERS_MOVE),
    "feedback:year_paper": (("slug", "number"), RUNNERS, refuses(RUNNERS)),
    "feedback:year_paper_form_pdf": (("slug", "number"), INSIDERS, NOT_BY_THIS_METHOD),
    "feedback:year_codes": (("slug", "number"), RUNNERS, RUNNERS_MOVE),
    "feedback:year_codes_pdf": (("slug", "number"), RUNNERS_MOVE, refuses(RUNNERS)),
    "feedback:year_comments": (("slug", "number"), RUNNERS_MOVE, RUNNERS_MOVE),
    "feedback:year_collate": (("slug", "number"), RUNNERS_MOVE, RUNNERS_MOVE),
    "feedback:year_table": (("slug", "number"), INSIDERS, NOT_BY_THIS_METHOD),
    "feedback:year_table_pdf": (
        ("slug", "number"),
        each(SIGN_IN, HIDDEN, MOVED, MOVED, MOVED, HIDDEN),
        NOT_BY_THIS_METHOD,
    ),
    "feedback:together": (("slug", "number"), RUNNERS, refuses(RUNNERS)),
    "feedback:gap": (("slug", "number"), INSIDERS, NOT_BY_THIS_METHOD),
    "feedback:gap_pdf": (("slug", "number"), INSIDERS, NOT_BY_THIS_METHOD),
    "feedback:workshop": (("slug", "number"), RUNNERS, refuses(RUNNERS)),
    "feedback:workshop_link": (("slug", "number"), RUNNERS_MOVE, RUNNERS_MOVE),
    "feedback:pack": (("slug", "number"), INSIDERS, NOT_BY_THIS_METHOD),
    "feedback:pack_pdf": (("slug", "number"), INSIDERS, NOT_BY_THIS_METHOD),
    "feedback:open_pack": (("pack",), EVERYBODY, each(*[MOVED] * 6)),
    "feedback:open_pack_pdf": (("pack",), each(*[MOVED] * 6), NEVER),
    "account_request_login_code": ((), SIGNED_OUT, SIGNED_OUT),
    "account_confirm_login_code": ((), each(*[MOVED] * 6), each(*[MOVED] * 6)),
    "account_logout": ((), each(MOVED, OK, OK, OK, OK, OK), each(*[MOVED] * 6)),
    "account_inactive": ((), EVERYBODY, NEVER),
    "account_login": ((), each(*[MOVED] * 6), each(*[MOVED] * 6)),
    "account_signup": ((), each(*[MOVED] * 6), each(*[MOVED] * 6)),
    "account_devices": ((), SIGNED_IN, NOT_THEIRS),
    "mfa_index": ((), SIGNED_IN, NOT_BY_THIS_METHOD),
    "mfa_authenticate": ((), each(*[MOVED] * 6), each(*[MOVED] * 6)),
    "mfa_reauthenticate": ((), WITHOUT_SECOND_STEP, WITHOUT_SECOND_STEP),
    "mfa_activate_totp": ((), SIGNED_IN, SIGNED_IN),
    "mfa_deactivate_totp": ((), NOT_THEIRS, NOT_THEIRS),
    "mfa_view_recovery_codes": ((), NOT_THEIRS, NOT_BY_THIS_METHOD),
    "mfa_generate_recovery_codes": ((), SIGNED_IN, SIGNED_IN),
    "mfa_download_recovery_codes": ((), NOT_THEIRS, NOT_THEIRS),
    "mfa_list_webauthn": ((), SIGNED_IN, NOT_BY_THIS_METHOD),
    "mfa_add_webauthn": ((), SIGNED_IN, SIGNED_IN),
    "mfa_login_webauthn": ((), each(*[MOVED] * 6), each(*[MOVED] * 6)),
    "mfa_reauthenticate_webauthn": ((), WITHOUT_SECOND_STEP, WITHOUT_SECOND_STEP),
    "mfa_edit_webauthn": (("pk",), NOT_THEIRS, NOT_THEIRS),
    "mfa_remove_webauthn": (("pk",), NOT_THEIRS, NOT_THEIRS),
    "demo_sign_in": (("person",), NEVER, each(*[HIDDEN] * 6)),
    "favicon": ((), each(*[MOVED] * 6), each(*[MOVED] * 6)),
    "admin:index": ((), each(*[MOVED] * 5, OK), each(*[MOVED] * 5, OK)),
}


def paper(item: AgendaItem) -> Paper:
    """One that was uploaded."""
    stored = Paper(item=item, title="Plan", kind="pdf")
    stored.file.save("plan.pdf", ContentFile(b"%PDF-1.7"))
    return stored


def adopt_charter(partnership: Partnership) -> PartnershipAdoption:
    """The partnership's, published."""
    return PartnershipAdoption.objects.create(
        partnership=partnership, version=1, adopted_on="2026-03-04", decision="Agreed", token="t" * 32
    )


def note_on_charts(partnership: Partnership) -> int:
    note = ChartNote.objects.create(partnership=partnership, date="2025-03-04", kind="chair", text="A new chair")
    return note.pk


def share_practice(partnership: Partnership) -> str:
    """Shares what worked for a statement. Returns that."""
    said = {"text": "We time each item", "decision": "Agreed"}
    return Practice.objects.create(partnership=partnership, statement_key="agenda", **said).statement_key


def plan_of(partnership: Partnership) -> dict[str, object]:
    """A plan for a year with one row of each level."""
    year = Year.objects.written(partnership, 2026)
    aim = Aim.objects.create(year=year, order=1, text="A greener city")
    outcome = PlanOutcome.objects.create(aim=aim, order=1, text="Streets have shade")
    objective = Objective.objects.create(outcome=outcome, order=1, text="Plant forty trees")
    rows = {"aim": aim.pk, "outcome": outcome.pk, "objective": objective.pk}
    return {"number": year.number, "plan_level": "objectives", **rows}


def assess(partnership: Partnership) -> None:
    """Opens the yearly assessment of 2026."""
    open_(Round.objects.create(year=Year.objects.written(partnership, 2026), instrument_slug="charter-1-members"))


def link_to_pack(partnership: Partnership) -> str:
    """What the facilitator of the workshop got."""
    workshop = Workshop(year=Year.objects.written(partnership, 2026), date=timezone.localdate(), facilitator="Maeve")
    token = workshop.new_token()
    workshop.save()
    return token


def names(patterns=None, namespace: str = "") -> set[str]:
    """All names of the URLconf; the admin's own are left to Django but for its front page."""
    found = set()
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLPattern):
            assert entry.name, entry
            found.add(namespace + entry.name)
        elif isinstance(entry, URLResolver) and entry.namespace != "admin":
            found |= names(entry.url_patterns, f"{entry.namespace}:" if entry.namespace else namespace)
    return found


def test_every_address_is_declared():
    assert names() == set(TABLE) - {"admin:index"}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("name", TABLE)
def test_who_gets_what(name, who, cast, as_, round, partnership):
    open_(round)
    assess(partnership)
    # To come, so that it can still be called off.
    Meeting.objects.update(date=timezone.localdate() + timedelta(days=1))
    item = AgendaItemFactory(meeting=round.meeting)
    action = Action.objects.create(meeting=round.meeting, decided="To meet again")
    arguments, *answers = TABLE[name]
    bob = cast.bob.memberships.get()
    values = {
        "action": action.pk,
        "area": partnership.area.slug,
        "calendar": partnership.calendar_key,
        "charter": adopt_charter(partnership).token,
        "code": round.code,
        "example": "statements",
        "mistyped": "a-token/tables",
        "coordinator": cast.carol.coordinates.get().pk,
        "member": bob.pk,
        "organisation": bob.organisation_id,
        "kind": "agenda",
        "pack": link_to_pack(partnership),
        "level": "person",
        "data_name": "tables",
        "data_kind": "csv",
        "data_token": DataToken.objects.make(user=cast.carol, name="Report"),
        "carols_token": cast.carol.data_tokens.get().pk,
        "note": note_on_charts(partnership),
        "statement": share_practice(partnership),
        "paper": paper(item).pk,
        "person": "nobody",
        "pk": round.meeting_id,
        "slug": partnership.slug,
        "token": token_for(bob),
        **plan_of(partnership),
    }
    url = reverse(name, args=[values[argument] for argument in arguments])
    for method, expected in zip(("get", "post"), answers, strict=True):
        client = _client(who, as_)
        response = getattr(client, method)(
            url, {} if not name.endswith("desk") or method == "get" else {"present": "5"}
        )
        if response.streaming:
            assert b"".join(response.streaming_content)
        got = response.status_code
        if got == 302 and response.headers["Location"].startswith("/account/sign-in/?next="):
            got = SIGN_IN
        assert (method, got) == (method, expected[who])


def _client(who: str, as_) -> Client:
    if who == "nobody":
        return Client()
    if who == "admin":
        client = Client()
        client.force_login(UserFactory(is_staff=True))
        return client
    return as_(who)


def test_a_wrong_meeting_number_is_hidden_like_a_foreign_one(as_, round):
    assert as_("alice").get(reverse("feedback:desk", args=["growth", round.meeting_id + 1])).status_code == 404
    assert as_("alice").get(reverse("feedback:desk", args=["elsewhere", round.meeting_id])).status_code == 404
    assert as_("alice").get(reverse("partnerships:detail", args=["elsewhere"])).status_code == 404
    assert as_("carol").get(reverse("partnerships:area", args=["elsewhere"])).status_code == 404


def test_nobody_of_another_partnership_is_reached_through_ones_own(as_, partnership):
    elsewhere = MemberFactory(partnership=PartnershipFactory(area=partnership.area))
    for name in ("member", "invite", "leave", "replace"):
        assert as_("alice").get(reverse(f"partnerships:{name}", args=["growth", elsewhere.pk])).status_code == 404
    assert as_("carol").get(reverse("partnerships:erase", args=["growth", elsewhere.pk])).status_code == 404


def test_nobody_of_another_area_is_reached_through_ones_own(as_):
    elsewhere = CoordinatorFactory()
    assert as_("carol").post(reverse("partnerships:dismiss", args=["derry", elsewhere.pk])).status_code == 404


def test_a_coordinator_removed_is_out_at_the_next_request(as_, cast, partnership):
    carol = as_("carol")
    assert carol.get(partnership.area.get_absolute_url()).status_code == 200
    cast.carol.coordinates.all().delete()
    assert carol.get(partnership.area.get_absolute_url()).status_code == 404
    assert carol.get(partnership.get_absolute_url()).status_code == 404


def test_a_member_who_left_is_out_at_the_next_request(as_, cast, partnership):
    bob = as_("bob")
    assert bob.get(partnership.get_absolute_url()).status_code == 200
    as_("alice").post(reverse("partnerships:leave", args=["growth", cast.bob.memberships.get().pk]))
    assert bob.get(partnership.get_absolute_url()).status_code == 404


def test_a_right_lost_is_lost_at_the_next_request(as_, round, partnership):
    alice, url = as_("alice"), reverse("feedback:desk", args=[partnership.slug, round.meeting_id])
    assert alice.get(url).status_code == 200
    partnership.members.filter(name="Alice").update(role="member")
    assert alice.get(url).status_code == 403
    partnership.members.filter(name="Alice").delete()
    assert alice.get(url).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "feedback:desk",
        "feedback:open",
        "feedback:stop",
        "feedback:paper",
        "feedback:codes",
        "feedback:codes_pdf",
        "feedback:comments",
        "feedback:collate",
        "feedback:consider",
        "feedback:raise",
        "feedback:remind",
        "partnerships:agenda",
        "partnerships:decisions",
        "partnerships:arrangements",
        "partnerships:call_off",
    ],
)
def test_a_form_without_its_token_is_refused(cast, round, name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice)
    response = client.post(reverse(name, args=[round.meeting.partnership.slug, round.meeting_id]), {"present": "5"})
    assert response.status_code == 403
    assert b"This page was open too long" in response.content
    round.refresh_from_db()
    assert (round.stage, round.meeting.present) == ("planned", 13)
