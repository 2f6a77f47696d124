"""Everything that is held about one person, for that person."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator

from partnerships.models import AccessNeed, Entry, User


def held_about(person: User) -> dict[str, Any]:
    """Plain values, ready for JSON. Slips are not among them: nobody could say whose they are."""
    return {
        "account": {"email": person.email, "last_signed_in": person.last_login, "administers_site": person.is_staff},
        "memberships": _memberships(person),
        "coordinates": _coordinates(person),
        "second_step": _second_step(person),
        "devices": _devices(person),
        "data_tokens": list(person.data_tokens.values("name", "made_on", "used_on")),
        "record": _record(person),
    }


def _memberships(person: User) -> list[dict[str, Any]]:
    members = person.memberships.select_related("partnership__area", "organisation", "succeeds").order_by("pk")
    mailed_about = ("deliveries__mailing__meeting__partnership", "deliveries__mailing__year__partnership")
    members = members.prefetch_related("access_needs", "actions", "objectives", *mailed_about)
    return [
        {
            "name": member.name,
            "email": member.email,
            "partnership": member.partnership.name,
            "area": member.partnership.area.name,
            "organisation": member.organisation.name,
            "role": member.get_role_display(),
            "in_place_of": member.succeeds.name if member.succeeds else None,
            "joined_on": member.joined_on,
            "signed_in_on": member.signed_in_on,
            "left_on": member.left_on,
            "invited_on": member.invited_on,
            "erasure_asked_on": member.erasure_asked_on,
            "actions_mailed_on": member.actions_mailed_on,
            "charter_asked_on": member.charter_asked_on,
            "access_needs": [_access_need(need) for need in member.access_needs.all()],
            "actions": [{"what": action.decided, "due": action.due_on} for action in member.actions.all()],
            "objectives": [{"what": each.text, "due": each.due_on} for each in member.objectives.all()],
            "mails": [
                {"what": str(each.mailing), "state": each.get_state_display(), "when": each.tried_at}
                for each in member.deliveries.all()
                if each.tried_at
            ],
        }
        for member in members
    ]


def _access_need(need: AccessNeed) -> dict[str, Any]:
    return {
        "what": need.get_kind_display(),
        "more": need.detail,
        "shows_name": need.shows_name,
        "agreed_on": need.consented_on,
    }


def _coordinates(person: User) -> list[dict[str, Any]]:
    return [
        {"name": each.name, "area": each.area.name, "invited_on": each.invited_on, "signed_in_on": each.signed_in_on}
        for each in person.coordinates.select_related("area").order_by("pk")
    ]


def _second_step(person: User) -> list[dict[str, Any]]:
    return [
        {"kind": each.get_type_display(), "name": str(each), "added": each.created_at, "last_used": each.last_used_at}
        for each in Authenticator.objects.filter(user=person).order_by("pk")
    ]


def _devices(person: User) -> list[dict[str, Any]]:
    return [
        {"device": session.device, "since": session.signed_in_at, "until": session.expire_date}
        for session in person.sessions.current().order_by("-signed_in_at", "pk")
    ]


def _record(person: User) -> list[dict[str, Any]]:
    return [
        {
            "when": entry.at,
            "what": entry.get_act_display(),
            "by_me": entry.by_id == person.pk,
            "more": entry.detail,
            "area": entry.area.name,
            "partnership": entry.partnership.name if entry.partnership else None,
        }
        for entry in Entry.objects.about(person).select_related("area", "partnership")
    ]
