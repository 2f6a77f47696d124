"""Files: refused everywhere but where a page asks for one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect


class Refuse(FileUploadHandler):
    """The first byte of a file that nobody asked for ends the request, before a disk fills up."""

    def new_file(self, *args, **kwargs) -> None:
        raise RequestDataTooBig("This page takes no files.")


class InMemory(FileUploadHandler):
    """Keeps files in memory, never on a disk: so many bytes of all together, and no more of a larger one."""

    def __init__(self, request: HttpRequest, most_bytes: int) -> None:
        super().__init__(request)
        self.room = most_bytes

    def new_file(self, *args, **kwargs) -> None:
        super().new_file(*args, **kwargs)
        self.content = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.room -= len(raw_data)
        if self.room >= 0:
            self.content.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        self.content.seek(0)
        return UploadedFile(self.content, self.file_name, self.content_type, file_size)


def takes_file(*, most_bytes: int) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """For a view that reads one uploaded file; of a larger one the true size arrives, and not all of it.

    The check of the form's token reads the whole request, so it has to come after the choice of handler.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        protected = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def with_handler(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.upload_handlers = [InMemory(request, most_bytes)]
            return protected(request, *args, **kwargs)

        return with_handler

    return decorate
