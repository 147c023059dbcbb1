"""LaTeX's special characters, written so that a literal one stays literal, and read back."""

import re

from pylatexenc.latex2text import (  # type: ignore[import-untyped]  # it carries no types
    LatexNodes2Text,
    MacroTextSpec,
    get_default_latex_context_db,
)

# Named characters close with braces of their own, so that what follows is not taken in. A brace
# is named too, since BibTeX counts braces whether or not a backslash stands before them.
NAMED = {
    "\\": "textbackslash", "{": "textbraceleft", "}": "textbraceright",
    "~": "textasciitilde", "^": "textasciicircum",
}  # fmt: skip
SPECIAL = {each: f"\\{name}{{}}" for each, name in NAMED.items()} | {
    each: f"\\{each}" for each in "#$%&_"
}

# Pairs that LaTeX prints as one character: --, '', ``, ?`, !`.
_LIGATURES = re.compile(r"-(?=-)|['`!?](?=['`])")
_MATHS = re.compile(r"(?<!\\)\$([^$]*[\\^_][^$]*)(?<!\\)\$")
_BARE = re.compile(r"(?<!\\)[%&#$]")
_ESCAPED = re.compile(r"\\([#$%&_{}~^])")
_SIMPLE = re.compile(r"[^\\{}$%&#~'`^-]*")


def _reader() -> LatexNodes2Text:
    known = get_default_latex_context_db()
    named = [MacroTextSpec(name, each) for each, name in NAMED.items()]
    known.add_context_category("named characters", macros=named, prepend=True)
    return LatexNodes2Text(latex_context=known, math_mode="text", keep_comments=True)


_READER = _reader()


def to_latex(text: str) -> str:
    apart = _LIGATURES.sub("\\g<0>\0", text)
    return "".join(SPECIAL.get(each, each) for each in apart).replace("\0", "{}")


def to_text(latex: str) -> str:
    """The words of a field. A bare % or & is itself: few programs that write BibTeX escape it."""
    if _SIMPLE.fullmatch(latex):
        return latex
    bare = _BARE.sub(r"\\\g<0>", _MATHS.sub(r"\1{}", latex))
    return str(_READER.latex_to_text(bare))


def verbatim(address: str) -> str:
    """A web address or DOI, which LaTeX does not read: only its braces would break the file."""
    written = _ESCAPED.sub(r"\1", address)
    return written.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
