"""What a colleague does to a pack's Word file, made by hand in its XML as Word would write it."""

from campaigns.briefing.package import pack, unpack

DOCUMENT = "word/document.xml"
COMMENTS = "word/comments.xml"
NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def edited(file: bytes, *changes: tuple[str, str], part: str = DOCUMENT) -> bytes:
    """Each pair once in the part; what does not stand there is a mistake of the test."""
    parts = unpack(file)
    text = parts[part].decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return pack({**parts, part: text.encode()})


def with_part(file: bytes, name: str, content: bytes) -> bytes:
    return pack({**unpack(file), name: content})


def paragraph(words: str, style: str = "BodyText") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}" /></w:pPr>{run(words)}</w:p>'


def run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def below(file: bytes, words: str, *paragraphs: str) -> bytes:
    """The paragraphs added below the one that ends with these words."""
    end = f"{words}</w:t></w:r></w:p>"
    return edited(file, (end, end + "".join(paragraphs)))


def tracked(old: str, new: str, author: str) -> str:
    """In place of a run's words: one deletion and one insertion by that author."""
    who = f'w:id="90" w:author="{author}" w:date="2026-01-01T00:00:00Z"'
    return (
        f"</w:t></w:r><w:del {who}><w:r><w:delText>{old}</w:delText></w:r></w:del>"
        f"<w:ins {who}>{run(new)}</w:ins><w:r><w:t>"
    )


def remarked(file: bytes, words: str, remark: str, author: str) -> bytes:
    """The file with a comment on the paragraph that ends with these words."""
    reference = '<w:r><w:commentReference w:id="7"/></w:r>'
    marked = edited(file, (f"{words}</w:t></w:r></w:p>", f"{words}</w:t></w:r>{reference}</w:p>"))
    comment = f'<w:comment w:id="7" w:author="{author}"><w:p>{run(remark)}</w:p></w:comment>'
    return with_part(marked, COMMENTS, f"<w:comments {NAMESPACE}>{comment}</w:comments>".encode())
