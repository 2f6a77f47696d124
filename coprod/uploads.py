"""Files that nobody asked for."""

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class Refuse(FileUploadHandler):
    """No page takes files: the first byte of one ends the request, before a disk fills up."""

    def new_file(self, *args, **kwargs) -> None:
        raise RequestDataTooBig("No page takes files.")
