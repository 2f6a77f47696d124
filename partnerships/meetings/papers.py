"""Uploaded papers: what they are by their content, and none left behind on the disk."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from coprod.common.sheets import Unreadable
from coprod.common.sheets.archive import Archive
from partnerships.models import Paper
from partnerships.models.agendas import papers_storage

MOST_MEGABYTES = 20
MOST_BYTES = MOST_MEGABYTES * 1_000_000
# Two papers at their largest in one go.
MOST_AT_ONCE = 2 * MOST_BYTES
# A file whose row is not written yet may be younger than this.
_SETTLED = datetime.timedelta(hours=1)

_OPEN_DOCUMENT = {
    Paper.Kind.ODT: b"application/vnd.oasis.opendocument.text",
    Paper.Kind.ODS: b"application/vnd.oasis.opendocument.spreadsheet",
}
# Word's and Excel's own, without macros: those have another type.
_OFFICE = {
    Paper.Kind.DOCX: b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    Paper.Kind.XLSX: b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
MEDIA_TYPES = {
    Paper.Kind.PDF: "application/pdf",
    Paper.Kind.ODT: "application/vnd.oasis.opendocument.text",
    Paper.Kind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    Paper.Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Paper.Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class NotAPaper(Exception):
    """The file cannot be taken; its message says why and what to do."""


def kind_of(file: UploadedFile) -> Paper.Kind:
    """What the file is, by its content; its name must say the same. Raises NotAPaper."""
    name = file.name or ""
    if (file.size or 0) > MOST_BYTES:
        raise NotAPaper(
            _("“%(name)s” has more than %(most)s MB. Make it smaller, or put it elsewhere and give the link.")
            % {"name": name, "most": MOST_MEGABYTES}
        )
    kind = PurePath(name).suffix.lower().removeprefix(".")
    if kind not in MEDIA_TYPES:
        raise NotAPaper(
            _("“%(name)s” is not a kind of file that can be taken. Save it as PDF, ODT, DOCX, ODS or XLSX.")
            % {"name": name}
        )
    content = file.read()
    if len(content) < (file.size or 0):
        raise NotAPaper(
            _("All files together have more than %(most)s MB. Save this one by itself.")
            % {"most": MOST_AT_ONCE // 1_000_000}
        )
    if not _is(Paper.Kind(kind), content):
        raise NotAPaper(
            _(
                "“%(name)s” is not what its name says, or it is damaged or protected. Open it, save it as %(kind)s "
                "again."
            )
            % {"name": name, "kind": kind.upper()}
        )
    file.seek(0)
    return Paper.Kind(kind)


def _is(kind: Paper.Kind, content: bytes) -> bool:
    if kind == Paper.Kind.PDF:
        return b"%PDF-" in content[:1024]
    try:
        archive = Archive(content)
        if kind in _OPEN_DOCUMENT:
            return archive.read("mimetype").strip() == _OPEN_DOCUMENT[kind]
        return b'"' + _OFFICE[kind] + b'"' in archive.read("[Content_Types].xml").replace(b"'", b'"')
    except Unreadable:
        return False


def throw_away(names: Iterable[str]) -> None:
    """Deletes the files of papers whose rows are gone."""
    for name in names:
        papers_storage().delete(name)


def throw_away_strays() -> Iterator[str]:
    """Deletes files that no paper has; yields their names."""
    storage = papers_storage()
    if not storage.exists(""):
        return
    kept = set(Paper.objects.exclude(file="").values_list("file", flat=True))
    for name in storage.listdir("")[1]:
        with suppress(FileNotFoundError):  # somebody else has just deleted it
            if name not in kept and storage.get_modified_time(name) < timezone.now() - _SETTLED:
                storage.delete(name)
                yield name
