"""Before a meeting: what to do about a step that is not taken yet. Our own words, beside the Guide's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from charter.texts import STEPS, Step

ADVICE: dict[int, str | Promise] = {
    1: _("Put half an hour in your calendar today to read the papers, and note one question."),
    2: _("Go through what you will present and write each abbreviation out."),
    3: _("Look at the minutes each item has, and decide what you can leave out."),
    4: _("Choose one item beyond your own work on which you will say something."),
    5: _("Think of somebody who seldom speaks, and ask what they think when their subject comes up."),
    6: _("When something is decided, ask who does it and by when, before the next item begins."),
    7: _("Check which papers may not be passed on, and say so when you quote from them."),
    8: _("Where you disagree, write down what you could live with, and say both."),
    9: _("Ask somebody who lives with the issue, and somebody who works on it, before you make up your mind."),
    10: _("Ask your organisation today what you may agree to without asking again."),
    11: _("Find out what your organisation could give: people, rooms, time or money."),
    12: _("Keep five minutes at the end to score the meeting, and bring one thing that could go better."),
}


@dataclass(frozen=True)
class Checked:
    """One step, and what was answered: "yes", "not_yet", or nothing."""

    step: Step
    advice: str | Promise
    answer: str

    @property
    def is_taken(self) -> bool:
        return self.answer == "yes"


def check(answers: Mapping[str, str]) -> list[Checked]:
    """All twelve, with the answers of a form: step-1 to step-12."""
    return [Checked(step, ADVICE.get(number, ""), answers.get(f"step-{number}", "")) for number, step in STEPS.items()]
