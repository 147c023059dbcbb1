"""Files made to harm whoever reads them, each made when it is asked for.

`None` beside one means that it is read harmlessly.
"""

import gzip
import random
import struct
import zlib

from tests.evidence.made_files import (
    SENTENCE,
    WORDS,
    body,
    docx,
    html,
    one_page,
    packed,
    pdf,
    stream,
)

FOREIGN = "no Word program writes"
HARD = "too much time or memory"
BROKEN_PDF = "PDF is broken"
BROKEN_WORD = "Word file is broken"
CUT = "read harmlessly, without what lies too deep"
ENCODING = "encoding that cannot be told"

PASSWD = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd">'
PARAMETER = '<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>'
LAUGHS = (
    '<!DOCTYPE a [<!ENTITY x0 "ha">'
    + "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 12))
    + "]>"
)
QUADRATIC = f'<!DOCTYPE a [<!ENTITY x "{"a" * 100_000}">]>'
USES = "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>"
RANDOM = random.Random(1).randbytes(300_000)


def entries(number: int, place: int = 0) -> bytes:
    """A table of contents with so many entries, and nothing that they name."""
    entry = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", *[20] * 2, *[0] * 4, *[0] * 3, *[1, 0, 0, 0, 0], 0, place
    )
    table = (entry + b"a") * number
    end = struct.pack(
        "<4s4H2IH", b"PK\x05\x06", 0, 0, number & 0xFFFF, number & 0xFFFF, len(table), 4, 0
    )
    return b"PK\x03\x04" + table + end


def nested(layers: int) -> bytes:
    inner = bytes(1_000_000)
    for _ in range(layers):
        inner = packed({f"{n}.zip": inner for n in range(4)})
    return inner


def overlapping() -> bytes:
    """Two names for the same packed bytes, as the densest bombs have."""
    made = docx(**{"word/footnotes.xml": body()})
    at = made.rindex(b"PK\x01\x02")
    return made[: at + 42] + bytes(4) + made[at + 46 :]


def lying_about_its_size() -> bytes:
    made = docx(body(f"<w:p><w:r><w:t>{'a' * 60_000_000}</w:t></w:r></w:p>"))
    at = made.index(b"PK\x01\x02") + 24
    return made[:at] + struct.pack("<I", 1_000) + made[at + 4 :]


def with_flag(data: bytes, at: int, value: int) -> bytes:
    """Set a field of the first entry of the table of contents, and of the entry itself."""
    place = data.index(b"PK\x01\x02")
    local = struct.pack("<H", value)
    data = data[: place + at] + local + data[place + at + 2 :]
    return data[: at - 2] + local + data[at:]


PACKED = {
    "bomb of zeros": (lambda: docx(media=bytes(60_000_000)), "too large when unpacked"),
    "bomb of text": (
        lambda: docx(body(f"<w:p><w:r><w:t>{'a' * 45_000_000}</w:t></w:r></w:p>")),
        "more text|" + HARD,
    ),
    "bomb of elements": (lambda: docx(body("<w:p/>" * 7_000_000)), HARD),
    "bomb that lies about its size": (lambda: lying_about_its_size(), HARD),
    "nested archives": (lambda: nested(6), "no Word document"),
    "a million entries": (lambda: entries(1_000_000), "larger than 20 MB"),
    "as many entries as an upload holds": (lambda: entries(400_000), "too many parts"),
    "overlapping entries": (lambda: overlapping(), HARD),
    "names that climb out": (lambda: docx(**{"../../../tmp/a": "a", "/etc/cron.d/a": "a"}), None),
    "a name with a zero": (lambda: docx(**{"a\0b": "a"}), None),
    "external relationships": (
        lambda: docx(
            **{
                "word/_rels/document.xml.rels": '<Relationships><Relationship Id="a" Target='
                '"file:///etc/passwd" TargetMode="External"/></Relationships>',
                "word/settings.xml": '<w:attachedTemplate r:id="a"/>',
            }
        ),
        None,
    ),
    "entities that multiply": (lambda: docx(body(USES.replace("x", "x11"), LAUGHS)), FOREIGN),
    "one long entity": (lambda: docx(body("&x;" * 10_000, QUADRATIC)), FOREIGN),
    "an entity from a file": (lambda: docx(body(USES, PASSWD)), FOREIGN),
    "an entity of the table": (lambda: docx(body(USES, PARAMETER)), FOREIGN),
    "a table from afar": (lambda: docx(body(USES, REMOTE)), FOREIGN),
    "deep elements": (lambda: docx(body("<w:p>" * 1_000_000)), HARD),
    "a million attributes": (
        lambda: docx(body(f"<w:p {' '.join(f'a{n}=""' for n in range(500_000))}/>")),
        "no text|" + HARD,
    ),
    "an unknown encoding": (
        lambda: docx(body(prolog='<?xml version="1.0" encoding="zlib"?>')),
        HARD,
    ),
    "locked": (lambda: with_flag(docx(), 8, 1), HARD),
    "an unknown packing": (lambda: with_flag(docx(), 10, 99), HARD),
    "cut in half": (lambda: docx()[:200], BROKEN_WORD),
    "a spreadsheet": (lambda: packed({"xl/workbook.xml": "<a/>"}), "no Word document"),
    "a directory for a document": (lambda: packed({"word/document.xml/": ""}), "no Word document"),
}


def three_hundred_megabytes() -> bytes:
    zeros = zlib.compress(bytes(300_000_000), 9)
    return b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(zeros), zeros)


PDFS = {
    "only a beginning": (lambda: b"%PDF-1.7\n", BROKEN_PDF),
    "cut in half": (lambda: pdf(one_page(stream(WORDS)))[:300], BROKEN_PDF + "|no text"),
    "random bytes": (lambda: b"%PDF-1.7\n" + RANDOM, BROKEN_PDF),
    "a page that unpacks to 300 MB": (
        lambda: pdf(one_page(three_hundred_megabytes())),
        "no text|" + HARD,
    ),
    "a page packed five times": (
        lambda: pdf(
            one_page(stream(WORDS * 1_000_000, b"/Filter[" + b"/FlateDecode" * 5 + b"]", layers=5))
        ),
        HARD,
    ),
    "a huge object stream": (
        lambda: pdf(
            {
                **one_page(stream(WORDS)),
                6: stream(
                    b"7 0 " * 20_000_000,
                    b"/Type/ObjStm/N 20000000/First 80000000/Filter/FlateDecode",
                ),
            },
            b"/Extra 6 0 R",
        ),
        None,
    ),
    "a billion pages": (
        lambda: pdf(one_page(stream(WORDS), pages=b"<</Type/Pages/Kids[3 0 R]/Count 999999999>>")),
        None,
    ),
    "pages that hold themselves": (
        lambda: pdf(
            one_page(stream(WORDS), pages=b"<</Type/Pages/Kids[2 0 R 3 0 R 2 0 R]/Count 3>>")
        ),
        HARD + "|" + BROKEN_PDF + "|no text",
    ),
    "a table before itself": (lambda: pdf(one_page(stream(WORDS)), b"/Prev 9"), None),
    "deep arrays": (lambda: pdf(one_page(stream(WORDS), catalogue=b"/A" + b"[" * 1_000_000)), None),
    "a form that draws itself": (
        lambda: pdf(
            {
                **one_page(stream(WORDS + b" /X Do"), resources=b"/XObject<</X 6 0 R>>"),
                6: stream(
                    b"/X Do /X Do",
                    b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Filter/FlateDecode"
                    b"/Resources<</XObject<</X 6 0 R>>>>",
                ),
            }
        ),
        HARD,
    ),
    "an order to open a program": (
        lambda: pdf(one_page(stream(WORDS), catalogue=b"/OpenAction<</S/Launch/F(/bin/sh)>>")),
        None,
    ),
    "a password": (
        lambda: pdf(
            one_page(stream(WORDS)),
            b"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -1/O<%b>/U<%b>>>"
            % (b"41" * 32, b"42" * 32),
        ),
        "asks for a password",
    ),
}

PAGES = {
    "deep elements": (lambda: html("<div>" * 200_000 + SENTENCE), CUT),
    "deep tables": (lambda: html("<table><tr><td>" * 30_000 + SENTENCE), CUT),
    "a cell over a billion columns": (
        lambda: html(f"<p>{SENTENCE}</p><table><tr><td colspan=999999999>a</td></tr></table>"),
        None,
    ),
    "half a million attributes": (
        lambda: html(f"<p {' '.join(f'a{n}' for n in range(500_000))}>{SENTENCE}</p>"),
        "No article|" + HARD,
    ),
    "twenty megabytes of nothing": (lambda: b"<html>" + b"<" * 19_000_000, "more text|" + HARD),
    "comments without end": (lambda: b"<html>" + b"<!--" * 500_000, "No article|" + HARD),
    "an entity from a file": (
        lambda: html(f"<p>{SENTENCE} &x;</p>", PASSWD.replace(" a ", " html ")),
        None,
    ),
    "entities that multiply": (
        lambda: html(f"<p>{SENTENCE} &x11;</p>", LAUGHS.replace(" a ", " html ")),
        None,
    ),
    "pictures and frames of files": (
        lambda: html(
            f'<p>{SENTENCE}</p><iframe src="file:///etc/passwd"></iframe><img src="file:///dev/zero">'
        ),
        None,
    ),
    "an encoding that unpacks": (lambda: html().replace(b"utf-8", b"zlib"), "does not know"),
    "an encoding that runs escapes": (
        lambda: html().replace(b"utf-8", b"unicode_escape"),
        "does not know",
    ),
    "an encoding that it is not in": (
        lambda: html().replace(b"43%", b"43\xff"),
        "says that it is in UTF-8",
    ),
}

TEXTS = {
    "random bytes": (lambda: RANDOM, ENCODING),
    "zeros": (lambda: bytes(1_000_000), ENCODING),
    "half a letter": (lambda: b"\xff\xfea\x00b", "says that it is in UTF-16"),
    "letters of three bytes cut off": (
        lambda: b"\xef\xbb\xbf 43% \xe2\x82",
        "says that it is in UTF-8",
    ),
    "words that were mangled": (
        lambda: "Costs rose by Â£5m, â€œa scandalâ€\x9d".encode(),
        "wrong encoding",
    ),
    "words that were lost": (lambda: "Costs rose by \ufffd5m".encode(), "letters are lost"),
    "a packed bomb": (lambda: gzip.compress(bytes(90_000_000)), "unpack it first"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + RANDOM, "picture"),
    "an old Word file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + RANDOM, "old Word file"),
    "a rich text file": (lambda: b"{\\rtf1\\object\\objdata 0105}", "RTF file"),
    "a program": (lambda: b"\x7fELF\x02\x01\x01" + bytes(100), ENCODING),
    "nothing": (lambda: b"", "empty"),
    "more than an upload may hold": (lambda: b"a" * 20_000_001, "larger than 20 MB"),
}

HOSTILE = {
    f"{kind}, {name}": case
    for kind, cases in {"DOCX": PACKED, "PDF": PDFS, "HTML": PAGES, "text": TEXTS}.items()
    for name, case in cases.items()
}
