"""Agendas to start from.

The first meeting's titles and times are those of the "Sample programme for the first meeting of a
Co-production group" in West Berkshire Council's "How to do Co-production"; notes, roles and resources
are in our own words, since it carries no open licence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class TemplateItem:
    title: Words
    minutes: int
    lead: Words = _("Chair")
    purpose: str = "discussion"
    guidance: Words = ""
    resources: Words = ""


@dataclass(frozen=True)
class Template:
    """A whole agenda; `start` and `end` are for a meeting that has none. Feedback is added by itself."""

    title: Words
    items: tuple[TemplateItem, ...]
    start: time | None = None
    end: time | None = None


_FACILITATOR = _("Chair or facilitator")

ORDINARY = Template(
    title=_("An ordinary meeting"),
    items=(
        TemplateItem(_("Welcome and apologies"), 5),
        TemplateItem(_("Declarations of interest"), 5, lead=_("All")),
        TemplateItem(_("Notes of the last meeting and open actions"), 10, purpose="decision"),
        TemplateItem(_("First main item"), 30, lead="", guidance=_("Say in the title what members are asked to do.")),
        TemplateItem(_("Second main item"), 30, lead=""),
        TemplateItem(_("For information"), 10, lead="", purpose="information"),
        TemplateItem(_("Any other business"), 10, lead=_("All")),
        TemplateItem(_("Next meeting"), 5),
    ),
)

FIRST = Template(
    title=_("The first meeting of a co-production group"),
    start=time(12, 30),
    end=time(16, 40),
    items=(
        TemplateItem(
            _("Sandwiches"),
            30,
            lead=_("All"),
            purpose="information",
            guidance=_("Talk to whoever stands alone. Make everybody feel expected."),
            resources=_("Food that everybody can eat: ask about diets beforehand"),
        ),
        TemplateItem(
            _("Welcome"),
            10,
            lead=_FACILITATOR,
            purpose="information",
            guidance=_(
                "Say who does what today. Fire exits, toilets, whether photos or notes are taken. Say what today is "
                "for: getting to know each other, agreeing how to work together, learning what co-production is and "
                "what the topic is about, and first thoughts on what matters most. Go through the times, and ask who"
                " must leave early."
            ),
        ),
        TemplateItem(
            _("Introductions"),
            30,
            lead=_FACILITATOR,
            guidance=_(
                "In pairs, five minutes: who are you, and what brings you here? Then each tells the others about "
                "their partner."
            ),
        ),
        TemplateItem(
            _("Ground rules"),
            10,
            lead=_FACILITATOR,
            purpose="decision",
            guidance=_(
                "Ask the group for rules of its own. Wait: somebody will speak. If not, offer a few: listen, one at "
                "a time, respect a view you do not share, judge nobody. Make sure that time-keeping, phones and what"
                " stays in the room are among them."
            ),
            resources=_("Flipchart, paper, pens"),
        ),
        TemplateItem(
            _("Icebreaker: Hula hoop task"),
            30,
            lead=_FACILITATOR,
            guidance=_(
                "A few people lower a hoop to the floor without a word, each with a finger under it. Then with more "
                "people. Talk about what it was like: sharing control gets harder, and more worthwhile, with more "
                "hands."
            ),
            resources=_("One hula hoop"),
        ),
        TemplateItem(_("Break"), 10, lead=_("All"), purpose="information"),
        TemplateItem(
            _("Introducing Co-production"),
            10,
            lead=_FACILITATOR,
            purpose="information",
            guidance=_("A short film, or a story of something that residents and services made together."),
            resources=_("Projector and sound, if there is a film"),
        ),
        TemplateItem(
            _("Talk about co-production"),
            20,
            lead=_FACILITATOR,
            purpose="information",
            guidance=_("A short talk: what co-production is, and what it is not. Few slides, plain words."),
            resources=_("Slides, and the same on paper in large print"),
        ),
        TemplateItem(_("Questions and answers"), 15, lead=_FACILITATOR),
        TemplateItem(
            _("The council’s priorities for our topic"),
            40,
            lead=_("Council officer"),
            purpose="information",
            guidance=_(
                "What is known, what is decided already, and what is open. Leave half of the time for questions."
            ),
        ),
        TemplateItem(
            _("Co-production definition and principles exercise"),
            30,
            lead=_FACILITATOR,
            guidance=_(
                "Hand the definition and the principles round. Are they clear? Would the group say them in another "
                "way? Let members answer each other; nothing has to be defended or decided today. Bring a version "
                "for next time."
            ),
            resources=_("The definition and principles on paper; flipchart, pens"),
        ),
        TemplateItem(
            _("How was the meeting?"),
            5,
            lead=_("All"),
            guidance=_("What went well, what did not? Say when the next meeting is, and ask who might co-chair."),
        ),
        TemplateItem(
            _("Close"),
            0,
            purpose="information",
            guidance=_(
                "Thank everybody. Before they go: seven statements on a phone or on paper, which is the last item."
            ),
        ),
    ),
)

WORKSHOP = Template(
    title=_("The yearly workshop"),
    items=(
        TemplateItem(_("Welcome, and what today is for"), 10, purpose="information"),
        TemplateItem(
            _("Our year in figures: the tables of all meetings"),
            25,
            lead=_("Facilitator"),
            purpose="information",
            guidance=_("Somebody independent leads from here on. Look at what changed, and let people say why."),
            resources=_("The tables of the year, on paper"),
        ),
        TemplateItem(
            _("Our commitments: how well do we keep them?"),
            40,
            lead=_("Facilitator"),
            guidance=_("In small groups that mix organisations, then together."),
            resources=_("The charter, on paper"),
        ),
        TemplateItem(_("What was suggested, and what became of it"), 20, lead=_("Facilitator")),
        TemplateItem(_("Break"), 15, lead=_("All"), purpose="information"),
        TemplateItem(
            _("What we want to do better next year"),
            40,
            lead=_("Facilitator"),
            guidance=_("Few things, each with somebody who sees to it."),
            resources=_("Flipchart, pens"),
        ),
        TemplateItem(_("What we agreed: who does what by when"), 15, purpose="decision"),
    ),
)

TEMPLATES: dict[str, Template] = {"ordinary": ORDINARY, "first": FIRST, "workshop": WORKSHOP}
