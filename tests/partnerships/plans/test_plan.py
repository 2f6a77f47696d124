"""The plan for a year: aims, the outcomes that would show them, the objectives; who sees to what, and how far it is."""

from __future__ import annotations

import datetime

import pytest

from partnerships.models import Aim, Entry, Meeting, Member, Objective, PlanOutcome, Year
from partnerships.people import membership
from partnerships.plans import service as plans
from tests.actors.phones import hidden, text_of
from tests.factories import MeetingFactory, OrganisationFactory, PartnershipFactory
from tests.helpers.plans import PLAN, YEAR, day, put

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script> {{ x }} “é” \u202e"


@pytest.fixture(autouse=True)
def _in_may(time_machine):
    time_machine.move_to("2026-05-05 12:00:00+00:00")


def address(row, more: str = "") -> str:
    level = {Aim: "aims", PlanOutcome: "outcomes", Objective: "objectives"}[type(row)]
    return f"{PLAN}{level}/{row.pk}/{more}"


def send(client, url: str, **form):
    """Loads the page and sends it filled in."""
    page = client.get(url).content
    return client.post(url, {"seen": hidden(page, "seen")} | form, follow=True)


def acts() -> list[tuple[str, str, int]]:
    return list(Entry.objects.order_by("pk").values_list("act", "by__email", "year__number"))


class TestAnEmptyPlan:
    def test_explains_the_three_levels_and_offers_to_begin(self, as_, partnership):
        page = text_of(as_("alice").get(PLAN))
        assert "Year 2026/27" in page
        assert (
            "The plan for 2026/27 Nothing is planned for this year yet. What comes out of the yearly workshop is"
            " written down here, at the workshop or soon after it, and meetings look at how far it is."
            " Aim An aim says what you hope to achieve together."
            " Outcome An outcome is a change that people will notice when you come nearer to the aim."
            " Objective An objective is one definite thing that you will complete to bring the outcome about."
            " Begin with an aim"
        ) in page

    def test_tells_members_who_writes_it(self, as_, partnership):
        page = text_of(as_("bob").get(PLAN))
        assert "The minute-taker or the chair does that." in page
        assert "Begin with an aim" not in page

    def test_leaves_no_trace_of_having_been_looked_at(self, as_, partnership):
        as_("alice").get(PLAN)
        as_("alice").get(YEAR)
        assert Year.objects.count() == 0

    @pytest.mark.parametrize("number", [1999, 2101])
    def test_is_not_of_another_age(self, as_, partnership, number):
        assert as_("alice").get(f"/partnerships/growth/years/{number}/plan/").status_code == 404
        assert as_("alice").get("/partnerships/growth/years/2000/plan/").status_code == 200


class TestWriting:
    def test_goes_from_the_aim_to_what_will_be_done(self, as_, bob):
        alice = as_("alice")
        response = alice.post(f"{PLAN}aims/new/", {"text": " A greener\r\n city "}, follow=True)
        assert "Added to the plan." in text_of(response)
        aim = Aim.objects.get()
        assert response.redirect_chain == [(f"{PLAN}#aims-{aim.pk}", 302)]
        page = alice.get(f"{PLAN}aims/{aim.pk}/outcomes/new/")
        assert "Add an outcome For the aim A greener city An outcome is a change" in text_of(page)
        alice.post(f"{PLAN}aims/{aim.pk}/outcomes/new/", {"text": "Streets have shade"})
        outcome = PlanOutcome.objects.get()
        page = alice.get(f"{PLAN}outcomes/{outcome.pk}/objectives/new/")
        assert "For the outcome Streets have shade" in text_of(page)
        form = {"text": "Plant forty trees", "owner": f"m{bob.pk}", "due_on": "2026-10-01"}
        alice.post(f"{PLAN}outcomes/{outcome.pk}/objectives/new/", form)
        assert (
            "Aim 1 A greener city Outcome Streets have shade"
            " Plant forty trees Not begun Bob, Libraries. By 1 October 2026."
        ) in text_of(as_("bob").get(PLAN))
        assert acts() == [("plan_changed", "alice@example.org", 2026)] * 3

    def test_an_objective_may_be_an_organisations_or_nobodys_yet(self, as_, outcome, bob):
        url = f"{address(outcome)}objectives/new/"
        as_("carol").post(url, {"text": "Plant", "owner": f"o{bob.organisation_id}"})
        as_("carol").post(url, {"text": "Water"})
        page = text_of(as_("bob").get(PLAN))
        assert "Plant Not begun Libraries. Water Not begun Nobody is named yet who does it." in page

    @pytest.mark.parametrize(
        ("form", "words"),
        [
            ({"text": " "}, "Type it in words"),
            ({"text": "..."}, "Type it in words"),
            ({"text": "x" * 301}, "Shorten this to 300 characters or fewer"),
            ({"text": "Plant", "due_on": "soon"}, "Type a day, for example 30/11/2026"),
            ({"text": "Plant", "owner": "m0"}, "Select a valid choice"),
        ],
    )
    def test_wrong_input_is_told_and_kept(self, as_, outcome, form, words):
        response = as_("alice").post(f"{address(outcome)}objectives/new/", form)
        assert response.status_code == 422
        assert words in text_of(response)
        assert [response.context["form"][name].value() for name in form] == list(form.values())
        assert Objective.objects.count() == 0

    def test_a_second_click_adds_nothing(self, as_, outcome, bob):
        url = f"{address(outcome)}objectives/new/"
        before = Entry.objects.count()
        for _twice in range(2):
            form = {"text": "Plant", "owner": f"m{bob.pk}", "due_on": "2026-10-01"}
            response = as_("alice").post(url, form, follow=True)
            assert response.redirect_chain == [(f"{PLAN}#objectives-{Objective.objects.get().pk}", 302)]
        assert Entry.objects.count() == before + 1

    def test_the_same_words_with_another_owner_are_not_two_objectives(self, as_, plant, bob):
        form = {"text": "plant FORTY trees", "owner": f"m{bob.pk}", "due_on": "2026-10-01"}
        response = as_("alice").post(f"{address(plant.outcome)}objectives/new/", form)
        assert response.status_code == 422
        assert "This is in the plan already, in the same place. Change it there." in text_of(response)
        assert [response.context["form"][name].value() for name in form] == list(form.values())
        assert Objective.objects.get().member is None

    @pytest.mark.parametrize(("level", "most"), [("aims", 10), ("outcomes", 10), ("objectives", 20)])
    def test_nobody_plans_without_end(self, as_, year, aim, outcome, plant, level, most):
        row = {"aims": aim, "outcomes": outcome, "objectives": plant}[level]
        model, parent = type(row), {row.parent_field: row.parent}
        model.objects.bulk_create(model(order=n, text=f"Number {n}", **parent) for n in range(2, most))
        url = {"aims": PLAN, "outcomes": address(aim), "objectives": address(outcome)}[level] + f"{level}/new/"
        assert as_("alice").post(url, {"text": "The last"}).status_code == 302
        response = as_("alice").post(url, {"text": "One more"})
        assert response.status_code == 422
        assert f"There are {most} in this place already." in text_of(response)
        assert model.objects.count() == most

    def test_hostile_text_is_shown_as_it_is(self, as_, plant, partnership):
        Aim.objects.update(text=HOSTILE)
        PlanOutcome.objects.update(text=HOSTILE)
        Objective.objects.update(text=HOSTILE, progress=HOSTILE)
        Meeting.objects.all().delete()
        meeting = MeetingFactory(partnership=partnership, date=day(6), shows_plan=True)
        for url in (PLAN, address(plant), address(plant, "progress/"), address(plant.outcome, "remove/"), YEAR):
            assert b"<script>alert" not in as_("alice").get(url).content
        assert HOSTILE in text_of(as_("alice").get(PLAN))
        assert HOSTILE in text_of(as_("bob").get(meeting.get_absolute_url()))

    def test_is_not_for_members(self, as_, plant):
        for url in (address(plant), address(plant, "progress/"), address(plant, "remove/"), f"{PLAN}take-over/"):
            answers = [as_(name).post(url, {"text": "x", "standing": "done"}).status_code for name in ("bob", "eve")]
            assert answers == [403, 404]
        page = text_of(as_("bob").get(PLAN))
        for words in ("Change", "Remove", "Add an", "How far is it?"):
            assert words not in page

    def test_shows_members_where_nothing_stands_under_an_outcome(self, as_, outcome):
        assert "It has no objectives yet." in text_of(as_("bob").get(PLAN))
        assert "Streets have shade No objective yet." in text_of(as_("bob").get(PLAN))
        assert "No objective yet." not in text_of(as_("alice").get(PLAN))

    def test_unknown_levels_are_not_found(self, as_, aim):
        for url in (f"{PLAN}dreams/{aim.pk}/", f"{PLAN}dreams/{aim.pk}/remove/"):
            assert as_("alice").get(url).status_code == 404


class TestChanging:
    def test_shows_what_is_there_and_saves(self, as_, plant, bob):
        Objective.objects.update(organisation=bob.organisation, due_on=day(9), standing="under_way", progress="Dug")
        form = as_("alice").get(address(plant)).context["form"]
        assert [form[name].value() for name in ("text", "owner", "due_on")] == [
            *("Plant forty trees", f"o{bob.organisation_id}", day(9)),
        ]
        response = send(as_("alice"), address(plant), text="Plant fifty", owner=f"m{bob.pk}", due_on="2026-05-10")
        assert response.redirect_chain == [(f"{PLAN}#objectives-{plant.pk}", 302)]
        assert "Saved." in text_of(response)
        assert "Plant fifty Under way Bob, Libraries. By 10 May 2026. Dug" in text_of(response)

    def test_writes_nothing_down_where_nothing_is_changed(self, as_, aim):
        before = Entry.objects.count()
        assert "Saved." in text_of(send(as_("alice"), address(aim), text=aim.text))
        assert Entry.objects.count() == before

    def test_does_not_say_what_is_said_beside_it(self, as_, aim, year, cast):
        put(Aim(year=year, text="Warm homes"), cast)
        response = send(as_("alice"), address(aim), text="warm homes")
        assert response.status_code == 422
        assert "This is in the plan already" in text_of(response)

    def test_of_two_at_once_the_second_is_told_and_may_insist(self, as_, aim):
        url, alice, carol = address(aim), as_("alice"), as_("carol")
        seen = [hidden(client.get(url).content, "seen") for client in (alice, carol)]
        alice.post(url, {"seen": seen[0], "text": "A green city"})
        response = carol.post(url, {"seen": seen[1], "text": "A wild city"})
        assert response.status_code == 422
        assert "Somebody else has changed this meanwhile. It now says: “A green city”" in text_of(response)
        assert response.context["form"]["text"].value() == "A wild city"
        aim.refresh_from_db()
        assert aim.text == "A green city"
        carol.post(url, {"seen": hidden(response.content, "seen"), "text": "A wild city"})
        aim.refresh_from_db()
        assert aim.text == "A wild city"

    def test_of_two_who_type_the_same_both_are_right(self, as_, aim):
        seen = hidden(as_("alice").get(address(aim)).content, "seen")
        answers = [as_(name).post(address(aim), {"seen": seen, "text": "Wild"}) for name in ("alice", "carol")]
        assert [answer.status_code for answer in answers] == [302, 302]

    def test_leaves_alone_what_somebody_else_says_about_how_far_it_is(self, as_, plant):
        seen = hidden(as_("alice").get(address(plant)).content, "seen")
        send(as_("carol"), address(plant, "progress/"), standing="done", progress="All of them")
        as_("alice").post(address(plant), {"seen": seen, "text": "Plant fifty"})
        plant.refresh_from_db()
        assert (plant.text, plant.standing, plant.progress) == ("Plant fifty", "done", "All of them")

    def test_keeps_an_owner_who_has_left(self, as_, plant, bob):
        Objective.objects.update(member=bob, organisation=bob.organisation)
        Member.objects.filter(pk=bob.pk).update(left_on="2999-01-01")
        send(as_("alice"), address(plant), text="Plant fifty", owner=f"m{bob.pk}")
        plant.refresh_from_db()
        assert (plant.text, plant.member) == ("Plant fifty", bob)

    def test_the_name_of_an_organisation_leaves_it_what_it_has_to_do(self, plant, bob, cast):
        Objective.objects.update(organisation=bob.organisation)
        bob.organisation = OrganisationFactory(area=bob.partnership.area, name="Libraries NI")
        membership.change(member=bob, by=cast.alice)
        assert Objective.objects.get().owner == "Libraries NI"

    def test_who_is_erased_leaves_the_objective(self, as_, plant, bob, cast):
        Objective.objects.update(member=bob, organisation=bob.organisation)
        membership.erase(member=bob, by=cast.carol)
        assert "Plant forty trees Not begun Nobody is named yet who does it." in text_of(as_("alice").get(PLAN))


class TestTheOrder:
    def test_is_that_of_entry_until_a_row_is_moved(self, as_, aim, year, cast):
        rows = [aim, put(Aim(year=year, text="Warm homes"), cast), put(Aim(year=year, text="Safe streets"), cast)]
        alice, warm = as_("alice"), address(rows[1])
        assert "It stands in place 2 of 3" in text_of(alice.get(warm))
        response = send(alice, warm, text="Warmer homes", do="down")
        assert response.redirect_chain == [(warm, 302)]
        assert list(Aim.objects.values_list("text", flat=True)) == ["A greener city", "Safe streets", "Warmer homes"]
        page = text_of(response)
        assert "It stands in place 3 of 3 Save and move up" in page
        assert "Save and move down" not in page
        for _twice in range(3):
            send(alice, warm, text="Warmer homes", do="up")
        assert list(Aim.objects.values_list("text", flat=True)) == ["Warmer homes", "A greener city", "Safe streets"]
        assert "Save and move up" not in text_of(alice.get(warm))

    def test_is_not_offered_for_one_alone(self, as_, aim):
        assert "It stands in place" not in text_of(as_("alice").get(address(aim)))


class TestHowFarItIs:
    def test_is_said_at_a_meeting_one_after_the_other(self, as_, plant, bob, cast):
        Objective.objects.update(member=bob, due_on=day(4))
        water = put(Objective(outcome=plant.outcome, text="Water them"), cast)
        alice = as_("alice")
        page = text_of(alice.get(PLAN))
        assert "0 of 2 objectives are done. 1 is overdue." in page
        assert "Plant forty trees Not begun Bob. Overdue since 4 May 2026." in page
        first = address(plant, "progress/")
        assert f'href="{first}">Go through them' in alice.get(PLAN).content.decode()
        assert "Plant forty trees Bob. By 4 May 2026. For the outcome: Streets have shade" in text_of(alice.get(first))
        response = send(alice, first, standing="done", progress=" All\nof them ", do="next")
        assert response.redirect_chain == [(address(water, "progress/"), 302)]
        assert "Save, and on to the next" not in text_of(response)
        response = send(alice, address(water, "progress/"), standing="under_way", do="next")
        assert response.redirect_chain == [(f"{PLAN}#objectives-{water.pk}", 302)]
        assert "1 of 2 objectives are done. Go through" in text_of(response)
        assert "Plant forty trees Done Bob. Done on 5 May 2026. All of them" in text_of(response)
        assert [act for act, _by, _year in acts()] == ["plan_changed"] * 6

    def test_may_be_said_of_one_alone(self, as_, plant, cast):
        put(Objective(outcome=plant.outcome, text="Water them"), cast)
        response = send(as_("carol"), address(plant, "progress/"), standing="dropped", do="save")
        assert "Plant forty trees Dropped" in text_of(response)
        assert "0 of 1 objective is done." in text_of(response)

    def test_it_is_done_since_the_day_on_which_that_was_first_said(self, as_, plant, time_machine):
        url = address(plant, "progress/")
        send(as_("alice"), url, standing="done")
        time_machine.shift(datetime.timedelta(days=3))
        send(as_("alice"), url, standing="done", progress="And three more")
        plant.refresh_from_db()
        assert (plant.done_on, plant.progress) == (day(5), "And three more")
        send(as_("alice"), url, standing="under_way")
        plant.refresh_from_db()
        assert plant.done_on is None

    @pytest.mark.parametrize(
        ("form", "words"),
        [
            ({"standing": "", "progress": "Dug"}, "Choose how far it is"),
            ({"standing": "lost", "progress": "Dug"}, "Choose how far it is"),
            ({"standing": "done", "progress": "x" * 301}, "Shorten this to 300 characters or fewer"),
        ],
    )
    def test_wrong_input_is_told_and_kept(self, as_, plant, form, words):
        response = send(as_("alice"), address(plant, "progress/"), **form)
        assert response.status_code == 422
        assert words in text_of(response)
        assert response.context["form"]["progress"].value() == form["progress"]

    def test_of_two_at_once_the_second_is_told(self, as_, plant):
        url = address(plant, "progress/")
        seen = hidden(as_("alice").get(url).content, "seen")
        as_("carol").post(url, {"seen": seen, "standing": "under_way", "progress": "Dug"})
        response = as_("alice").post(url, {"seen": seen, "standing": "done", "progress": "All"})
        assert response.status_code == 422
        assert "Somebody else has changed this meanwhile." in text_of(response)
        plant.refresh_from_db()
        assert (plant.standing, plant.progress) == ("under_way", "Dug")


class TestRemoving:
    def test_asks_first_and_says_what_goes_too(self, as_, aim, plant):
        alice, url = as_("alice"), address(aim, "remove/")
        page = alice.get(url)
        assert (
            "Remove this aim? A greener city All that stands under it goes too: Streets have shade Plant forty trees"
        ) in text_of(page)
        assert Aim.objects.count() == 1
        assert "Removed." in text_of(alice.post(url, {"under": hidden(page.content, "under")}, follow=True))
        assert (Aim.objects.count(), Objective.objects.count()) == (0, 0)
        assert acts()[-1] == ("plan_changed", "alice@example.org", 2026)

    def test_of_an_objective_mentions_that_it_may_be_dropped_instead(self, as_, plant):
        page = text_of(as_("alice").get(address(plant, "remove/")))
        assert "This cannot be undone. If an objective was given up, you can say so instead" in page
        assert "goes too" not in page
        as_("alice").post(address(plant, "remove/"), {"under": "0"})
        assert Objective.objects.count() == 0

    def test_of_an_outcome_takes_its_objectives_along(self, as_, plant):
        as_("alice").post(address(plant.outcome, "remove/"), {"under": "1"})
        assert (PlanOutcome.objects.count(), Objective.objects.count(), Aim.objects.count()) == (0, 0, 1)

    def test_of_an_empty_aim_mentions_no_objective(self, as_, aim):
        page = text_of(as_("alice").get(address(aim, "remove/")))
        assert "This cannot be undone. Remove it" in page

    @pytest.mark.parametrize("under", ["0", "", "x"])
    def test_takes_nothing_along_that_its_writer_has_not_seen(self, as_, plant, under):
        response = as_("alice").post(address(plant.outcome, "remove/"), {"under": under}, follow=True)
        assert "Somebody else has added or removed something here meanwhile. Look at it again." in text_of(response)
        assert "Remove this outcome?" in text_of(response)
        assert Objective.objects.count() == 1


class TestWhatSomebodyElseHasRemoved:
    def test_is_told_and_what_was_typed_is_given_back(self, as_, aim, outcome, plant):
        urls = [f"{address(aim)}outcomes/new/", f"{address(outcome)}objectives/new/", address(plant)]
        aim.delete()
        for url in urls:
            response = as_("alice").post(url, {"text": "Plant <fifty>"}, follow=True)
            assert response.redirect_chain == [(PLAN, 302)]
            assert (
                "Nothing was saved: somebody has removed this, or what it stands under, from the plan meanwhile."
                " You typed: “Plant <fifty>”"
            ) in text_of(response)

    def test_is_told_to_whoever_says_how_far_it_is(self, as_, plant):
        url = address(plant, "progress/")
        plant.delete()
        assert "You typed: “Dug”" in text_of(as_("alice").post(url, {"progress": "Dug"}, follow=True))
        assert "You typed" not in text_of(as_("alice").get(url, follow=True))

    def test_is_told_to_whoever_removes_it_too(self, as_, plant):
        for _twice in range(2):
            response = as_("alice").post(address(plant, "remove/"), {"under": "0"}, follow=True)
        assert "somebody has removed this" in text_of(response)

    def test_cannot_be_written_to_in_the_very_moment_either(self, year, aim, outcome, plant, cast):
        Aim.objects.all().delete()
        rest = {"year": year, "by": cast.alice}
        with pytest.raises(plans.Gone):
            plans.add(row=Objective(outcome=outcome, text="Water"), **rest)
        with pytest.raises(plans.Gone):
            plans.change(row=plant, names=["text"], seen="", **rest)
        with pytest.raises(plans.Gone):
            plans.remove(row=plant, under=0, **rest)

    def test_is_not_looked_for_in_other_years_and_partnerships(self, as_, cast, partnership):
        other = Year.objects.create(partnership=PartnershipFactory(area=partnership.area), number=2026)
        later = Year.objects.create(partnership=partnership, number=2027)
        for elsewhere in (other, later):
            aim = put(Aim(year=elsewhere, text="Theirs"), cast)
            response = as_("alice").post(address(aim, "remove/"), {"under": "0"}, follow=True)
            assert "somebody has removed this" in text_of(response)
        assert Aim.objects.count() == 2


class TestTakingOver:
    LATER = "/partnerships/growth/years/2027/plan/"

    @pytest.fixture(autouse=True)
    def _last_year(self, plant, cast, bob):
        outcome = plant.outcome
        plant.member, plant.organisation, plant.progress, plant.due_on = bob, bob.organisation, "Dug", day(9)
        plant.stand("under_way")
        plant.save()
        for text, standing, done_on in (("Water them", "done", day(4)), ("Sing", "dropped", None)):
            put(Objective(outcome=outcome, text=text, standing=standing, done_on=done_on), cast)
        finished = put(PlanOutcome(aim=outcome.aim, text="Children know trees"), cast)
        put(Objective(outcome=finished, text="Visit schools", standing="done", done_on=day(4)), cast)

    def test_brings_what_is_not_finished_with_what_it_stands_under(self, as_):
        page = text_of(as_("alice").get(self.LATER))
        assert "1 objective of last year’s plan is not finished" in page
        page = text_of(as_("alice").post(f"{self.LATER}take-over/", follow=True))
        assert "1 objective is taken over." in page
        assert "Aim 1 A greener city" in page
        assert "Plant forty trees Under way Bob, Libraries. Dug How far" in page  # its day has passed by then
        for left in ("Water them", "Sing", "Children know trees", "last year’s plan"):
            assert left not in page
        assert acts()[-1] == ("plan_changed", "alice@example.org", 2027)

    def test_is_offered_to_those_who_may(self, as_):
        assert "last year’s plan" not in text_of(as_("bob").get(self.LATER))

    def test_brings_nothing_twice(self, as_):
        alice = as_("alice")
        for taken in ("1 objective is", "0 objectives are", "0 objectives are"):
            assert f"{taken} taken over." in text_of(alice.post(f"{self.LATER}take-over/", follow=True))
            Objective.objects.filter(outcome__aim__year__number=2027).update(text="Reworded")
        assert Objective.objects.filter(outcome__aim__year__number=2027).count() == 1

    def test_adds_to_what_is_there_and_does_not_repeat_it(self, as_, year, plant, cast):
        later = year.beside(1)
        aim = put(Aim(year=later, text="A GREENER CITY"), cast)
        outcome = put(PlanOutcome(aim=aim, text="Streets have shade"), cast)
        put(Objective(outcome=outcome, text="Plant forty trees"), cast)
        as_("alice").post(f"{self.LATER}take-over/")
        assert Aim.objects.filter(year__number=2027).count() == 1
        assert Objective.objects.get(outcome=outcome).continues == plant

    def test_keeps_a_day_to_come_and_leaves_who_has_left(self, as_, plant, bob):
        Objective.objects.filter(pk=plant.pk).update(due_on="2027-04-01")
        Member.objects.filter(pk=bob.pk).update(left_on="2999-01-01")
        as_("alice").post(f"{self.LATER}take-over/")
        assert "Plant forty trees Under way Libraries. By 1 April 2027." in text_of(as_("alice").get(self.LATER))

    def test_needs_no_owner(self, as_, plant):
        Objective.objects.filter(pk=plant.pk).update(member=None, organisation=None, due_on=None)
        as_("alice").post(f"{self.LATER}take-over/")
        assert Objective.objects.get(continues=plant).has_owner is False

    def test_says_where_there_is_no_room(self, as_, year, cast):
        later = Year.objects.create(partnership=year.partnership, number=2027)
        Aim.objects.bulk_create(Aim(year=later, order=n, text=f"Number {n}") for n in range(10))
        page = text_of(as_("alice").post(f"{self.LATER}take-over/", follow=True))
        assert "0 objectives are taken over." in page
        assert "For 1 there is no room." in page

    def test_leaves_in_the_old_plan_that_it_goes_on(self, as_, plant):
        as_("alice").post(f"{self.LATER}take-over/")
        page = text_of(as_("bob").get(PLAN))
        assert "Plant forty trees Under way Bob, Libraries. It goes on in the next year’s plan. Dug" in page
        assert [each.outcome.aim.year.number for each in Objective.objects.open()] == [2027]

    def test_a_link_to_it_does_nothing(self, as_):
        assert as_("alice").get(f"{self.LATER}take-over/").status_code == 302
        assert Aim.objects.filter(year__number=2027).count() == 0
