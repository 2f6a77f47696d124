"""The page on which an agenda is written, and its papers."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coprod.common.forms import number
from coprod.common.uploads import takes_file
from partnerships.meetings.agenda_forms import AgendaEditor
from partnerships.meetings.agenda_templates import TEMPLATES
from partnerships.meetings.agendas import ChangedMeanwhile, copy_agenda, save_agenda, stands
from partnerships.meetings.papers import MEDIA_TYPES, MOST_AT_ONCE
from partnerships.models import Act, Coordinator, Entry, Meeting, Member, Paper
from partnerships.permissions import Right, SignedInRequest, get_meeting_for


@takes_file(most_bytes=MOST_AT_ONCE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Every button saves what is typed; `up:` and `down:` move an item too."""
    meeting = get_meeting_for(request.user, slug, pk, Right.PLAN_MEETINGS)
    if request.method != "POST":
        return _page(request, meeting, AgendaEditor(meeting))
    editor = AgendaEditor(meeting, request.POST, request.FILES)
    if not editor.is_valid():
        return _page(request, meeting, editor, status=422)
    version = editor.around.cleaned_data["version"]
    try:
        save_agenda(meeting_id=meeting.pk, version=version, agenda=editor.agenda, by=request.user)
    except ChangedMeanwhile as changed:
        if stands(meeting.pk, editor.agenda):  # a double click
            return redirect(meeting)
        meeting.refresh_from_db(fields=["agenda_version"])
        editor = AgendaEditor(meeting, request.POST, request.FILES)
        editor.is_valid()
        editor.rebase(changed.version)
        return _page(request, meeting, editor, status=409)
    do = request.POST.get("do", "")
    if do.startswith(("up:", "down:")) or do == "add":
        return redirect(f"{request.path}#{_anchor(meeting, editor, do)}")
    messages.success(request, _("The agenda is saved."))
    return redirect("partnerships:agenda", slug, pk) if do == "stay" else redirect(meeting)


def _anchor(meeting: Meeting, editor: AgendaEditor, do: str) -> str:
    """Where the page goes on: at the item that was moved, or at the first empty row."""
    kept = [row for row in editor.rows if row.is_item]
    items = dict(enumerate(meeting.items.values_list("pk", flat=True)))
    moved = next((n for n, row in enumerate(kept) if do.endswith(f":{row.name}")), -1)
    return f"row-i{items[moved]}" if moved in items else "row-n0"


def _page(request: SignedInRequest, meeting: Meeting, editor: AgendaEditor, *, status: int = 200) -> HttpResponse:
    context = {
        "partnership": meeting.partnership,
        "meeting": meeting,
        "editor": editor,
        "timetable": editor.timetable,
        "templates": {key: template.title for key, template in TEMPLATES.items()},
        "last": _last(meeting),
        "conflict": _whose_change(meeting) if status == 409 else None,
        "wrong": status == 422,
    }
    return render(request, "partnerships/meetings/agenda.html", context, status=status)


def _whose_change(meeting: Meeting) -> dict[str, object]:
    """Who saved the agenda last, as the partnership knows them, and when."""
    entry = Entry.objects.filter(meeting=meeting, act=Act.AGENDA_CHANGED).order_by("pk").last()
    if entry is None or entry.by_id is None:
        return {"name": "", "at": entry.at if entry else timezone.now()}
    known = (
        Member.objects.filter(partnership=meeting.partnership_id, user=entry.by_id),
        Coordinator.objects.filter(area=meeting.partnership.area_id, user=entry.by_id),
    )
    names = [name for people in known for name in people.values_list("name", flat=True) if name]
    return {"name": names[0] if names else "", "at": entry.at}


def _last(meeting: Meeting) -> Meeting | None:
    """The meeting before that has an agenda to copy."""
    return Meeting.objects.taking_place().before(meeting).filter(items__isnull=False).first()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Adds the items of the last meeting, or of a template. GET, after a sign-in, does nothing."""
    meeting = get_meeting_for(request.user, slug, pk, Right.PLAN_MEETINGS)
    if request.method != "POST":
        return redirect("partnerships:agenda", slug, pk)
    name, version = request.POST.get("from", ""), number(request.POST.get("version"))
    source = _last(meeting) if name == "last" else TEMPLATES.get(name)
    if source and version is not None:
        try:
            copy_agenda(meeting_id=pk, version=version, source=source, by=request.user)
        except ChangedMeanwhile:
            messages.warning(
                request, _("Nothing was added: somebody else has just changed the agenda. Look at it first.")
            )
        else:
            messages.success(request, _("Items were added. Change them as you need."))
    return redirect("partnerships:agenda", slug, pk)


@never_cache
@require_safe
def paper(request: SignedInRequest, slug: str, pk: int, paper: int) -> FileResponse:
    """An uploaded paper, for whoever may see the meeting. Only a PDF is shown in the browser itself."""
    meeting = get_meeting_for(request.user, slug, pk)
    found = get_object_or_404(Paper.objects.exclude(file=""), item__meeting=meeting, pk=paper)
    try:
        file = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    kind = Paper.Kind(found.kind)
    return FileResponse(
        file,
        as_attachment=kind != Paper.Kind.PDF,
        filename=f"{slugify(found.title)[:80] or 'paper'}.{kind}",
        content_type=MEDIA_TYPES[kind],
    )
