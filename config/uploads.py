"""A ceiling over everything that is uploaded, lest a file fill the disk before a form sees it."""

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

LARGEST = 25_000_000  # bytes in one request: a little more than any form takes


class Capped(FileUploadHandler):
    """Counts the bytes and hands them on."""

    uploaded = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.uploaded += len(raw_data)
        if self.uploaded > LARGEST:
            raise RequestDataTooBig("More was uploaded than any form takes.")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has the file."""
