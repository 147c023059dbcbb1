"""Mail as files, where none may leave: each message whole in a file of its own."""

import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from campaigns.building import write_whole


class MailFolder(BaseEmailBackend):
    """Unlike Django's, which may write what goes to two people into one file."""

    def __init__(self, *, file_path: str, **options: Any) -> None:
        super().__init__(**options)
        self.folder = Path(file_path)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            write_whole(self.folder / f"{uuid.uuid4()}.eml", message.message().as_bytes())
        return len(email_messages)
