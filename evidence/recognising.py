"""What kind of file these bytes are: told from the bytes, never from a name or what is claimed."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping

from evidence.refusing import Refused

LARGEST = 20_000_000  # bytes
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOCX_PART = b"wordprocessingml.document.main+xml"
# What browsers and recorders call the same kind.
SAME: Mapping[str, str] = {
    "audio/mp3": "audio/mpeg",
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "application/ogg": "audio/ogg",
    "image/jpg": "image/jpeg",
}
NAMES: Mapping[str, str] = {
    "application/pdf": "a PDF",
    "image/jpeg": "a JPEG picture",
    "image/png": "a PNG picture",
    DOCX: "a Word document (.docx)",
    "audio/mpeg": "an MP3 recording",
    "audio/mp4": "an M4A recording",
    "video/mp4": "an MP4 video",
    "audio/wav": "a WAV recording",
    "audio/ogg": "an Ogg recording",
    "text/plain": "plain text",
}
WANTED = "Choose a PDF, JPEG, PNG, Word (.docx), MP3, M4A, MP4, WAV, Ogg or plain text file."
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def recognised(content: bytes, claimed: str) -> str:
    """The media type; raises Refused where the bytes are of no kind that we keep, or of another."""
    if not content:
        raise Refused("The file is empty: choose another.")
    if len(content) > LARGEST:
        raise Refused("The file is larger than 20 MB: choose a smaller one, or a part of it.")
    kind = next((kind for kind, fits in KINDS.items() if fits(content)), None)
    if kind is None:
        raise Refused(f"The file is of no kind that is kept as evidence. {WANTED}")
    said = claimed.partition(";")[0].strip().lower()
    said = SAME.get(said, said)
    if said != kind and {said, kind} != {"audio/mp4", "video/mp4"}:  # one container, two names
        told = NAMES.get(said, f"“{said}”" if said else "of no stated kind")
        raise Refused(f"The file says that it is {told} and is {NAMES[kind]}: choose it anew.")
    return said


def _is_docx(content: bytes) -> bool:
    """A Word document without macros; any other zip, and one that cannot be read, is none."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            listed = package.getinfo("[Content_Types].xml")
            if listed.file_size > LARGEST or "word/document.xml" not in package.namelist():
                return False
            return DOCX_PART in package.read(listed)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError):
        return False


def _is_mp3(content: bytes) -> bool:
    """An ID3 tag, or a frame of layer III with a bit rate and a sampling rate that exist."""
    if content.startswith(b"ID3"):
        return len(content) > 10
    if len(content) < 4 or content[0] != 0xFF or content[1] & 0xE0 != 0xE0:
        return False
    version, layer = content[1] >> 3 & 3, content[1] >> 1 & 3
    rate, sampling = content[2] >> 4, content[2] >> 2 & 3
    return version != 1 and layer == 1 and rate not in {0, 15} and sampling != 3


def _is_mp4(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and len(content) >= 12


def _is_text(content: bytes) -> bool:
    try:
        return not CONTROL.search(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return False


KINDS: Mapping[str, Callable[[bytes], bool]] = {
    "application/pdf": lambda content: content.startswith(b"%PDF-"),
    "image/jpeg": lambda content: content.startswith(b"\xff\xd8\xff"),
    "image/png": lambda content: content.startswith(b"\x89PNG\r\n\x1a\n"),
    DOCX: _is_docx,
    "audio/wav": lambda content: content[:4] == b"RIFF" and content[8:12] == b"WAVE",
    "audio/ogg": lambda content: content.startswith(b"OggS"),
    "audio/mp4": _is_mp4,
    "audio/mpeg": _is_mp3,
    "text/plain": _is_text,
}
