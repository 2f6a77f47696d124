"""Invented people, who can be signed in as with one click."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Person:
    title: str | Promise
    name: str
    email: str


PEOPLE = {
    "member": Person(_("A member"), "Aoife Sample", "member@example.org"),
    "minute_taker": Person(_("The minute-taker"), "Rory Specimen", "minutes@example.org"),
    "coordinator": Person(_("The area’s coordinator"), "Niamh Instance", "coordinator@example.org"),
    "outsider": Person(_("A coordinator of another area"), "Conor Elsewhere", "outsider@example.org"),
}

# Family names that say what they are; one for each partner body.
_FIRST = (
    "Dara Orla Tomas Fionn Grace Samir Beth Cathal Ivana Joan Kieran Lena Malachy Nuala Oscar Priya Ruth Sean Una Wes"
)
_FAMILY = "Sample Specimen Instance Pattern Example Mock Proxy Model Draft Figure"
MORE_NAMES = [f"{first} {family}" for first, family in zip(_FIRST.split(), _FAMILY.split() * 2, strict=True)]
