"""Makes reference.docx, our styles for Word, from pandoc's own: run as a module after a change."""

import re
import subprocess

import pypandoc

from campaigns.briefing.blocks import DEEPEST_LINE
from campaigns.briefing.docx import LABELS, REFERENCE
from campaigns.briefing.glyphs import FAMILY
from campaigns.briefing.package import pack, unpack
from evidence.charting import ACCENT, INK, MUTED

SUBSTITUTE = "Segoe UI"  # what Word takes where our font is not installed
TINT = "EAF1F2"
NUMBER = 900  # twentieths of a point, for an amendment's number
STEP = 480  # twentieths of a point, for one level of an amendment
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FOOTER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"


def _colour(hashed: str) -> str:
    return hashed.lstrip("#").upper()


ACCENT_RGB, INK_RGB, MUTED_RGB = map(_colour, (ACCENT, INK, MUTED))
FONT = f'<w:rFonts w:ascii="{FAMILY}" w:hAnsi="{FAMILY}" w:eastAsia="{FAMILY}" w:cs="{FAMILY}"/>'


def _size(points: float) -> str:
    return f'<w:sz w:val="{points * 2:.0f}"/><w:szCs w:val="{points * 2:.0f}"/>'


def _space(before: int, after: int, line: int = 260) -> str:
    rule = f'w:line="{line}" w:lineRule="auto"'
    return f'<w:spacing w:before="{before}" w:after="{after}" {rule}/>'


def _border(*sides: str, width: int = 8, space: int = 4, colour: str = ACCENT_RGB) -> str:
    edge = f'w:val="single" w:sz="{width}" w:space="{space}" w:color="{colour}"'
    return f"<w:pBdr>{''.join(f'<w:{side} {edge}/>' for side in sides)}</w:pBdr>"


def _shade(fill: str) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'


def _outline(level: int) -> str:
    return f'<w:outlineLvl w:val="{level - 1}"/>'


BOLD = "<w:b/><w:bCs/>"
ITALIC = "<w:i/><w:iCs/>"
IN_ACCENT = f'<w:color w:val="{ACCENT_RGB}"/>'
IN_MUTED = f'<w:color w:val="{MUTED_RGB}"/>'
IN_WHITE = '<w:color w:val="FFFFFF"/>'
ALIKE = "<w:contextualSpacing/>"  # no space between paragraphs of one style
CENTRED = '<w:jc w:val="center"/>'
NEXT = "<w:keepNext/>"
TOGETHER = "<w:keepLines/>"
ALL_SIDES = ("top", "left", "bottom", "right")
TINTED = _border(*ALL_SIDES, colour=TINT) + _shade(TINT)
BOX = '<w:ind w:left="180" w:right="180"/>'
FIGURE_TAB = '<w:tabs><w:tab w:val="left" w:pos="1900"/></w:tabs>'

# Name, what a paragraph of it looks like, what its letters look like. Word wants this order within.
PARAGRAPHS: dict[str, tuple[str, str]] = {
    "Body Text": (_space(0, 120), ""),
    "First Paragraph": (_space(0, 120), ""),
    "Compact": (_space(0, 60), ""),
    "Strapline": (_space(0, 40), f"{BOLD}<w:caps/>{IN_ACCENT}<w:spacing w:val='16'/>{_size(8.5)}"),
    "Title": (NEXT + _space(0, 100, 240), BOLD + IN_ACCENT + _size(24)),
    "Stage": (NEXT + _space(0, 20), BOLD),
    "Byline": (_border("bottom", width=12, space=6) + _space(0, 320), IN_MUTED),
    "heading 1": (
        NEXT + TOGETHER + _space(320, 100, 240) + _outline(1),
        BOLD + IN_ACCENT + _size(15),
    ),
    "heading 2": (
        NEXT + TOGETHER + _space(240, 80, 240) + _outline(2),
        BOLD + IN_ACCENT + _size(12),
    ),
    "heading 3": (
        NEXT + TOGETHER + _space(200, 60, 240) + _outline(3),
        BOLD + IN_ACCENT + _size(10.5),
    ),
    "Ask": (
        TOGETHER + _border("left", width=24, space=8) + _shade(TINT) + _space(0, 200, 300) + ALIKE,
        "",
    ),
    "Key Figure": (
        TOGETHER + FIGURE_TAB + _space(0, 60) + '<w:ind w:left="1900" w:hanging="1900"/>',
        "",
    ),
    "Caption": (NEXT + _space(200, 100), BOLD + IN_ACCENT + _size(10)),
    "Table Caption": (NEXT + _space(200, 100), BOLD + IN_ACCENT + _size(10)),
    "Image Caption": (NEXT + _space(200, 100), BOLD + IN_ACCENT + _size(10)),
    "Chart": (NEXT + _space(0, 60), ""),
    "Caveat": (_space(0, 160), IN_MUTED + _size(9.5)),
    "Amendment Status": (
        NEXT + _border("top", space=6) + _space(200, 80),
        BOLD + IN_ACCENT + _size(9.5),
    ),
    "Amendment Place": (NEXT + _space(0, 60) + CENTRED, BOLD),
    "Amendment Names": (NEXT + _space(0, 20) + CENTRED, _size(9.5)),
    "Amendment Number": (
        NEXT + _space(60, 60) + f'<w:ind w:left="{NUMBER}" w:hanging="{NUMBER}"/>',
        "",
    ),
    "Statement Title": (NEXT + _space(160, 60), ITALIC),
    "Statement": (_border("bottom", space=6) + _space(0, 240), ""),
    "Testimony Title": (NEXT + TINTED + _space(160, 0) + BOX, BOLD + IN_ACCENT + _size(9.5)),
    "Testimony": (NEXT + TINTED + _space(0, 0, 300) + BOX, _size(11)),
    "Testimony Attribution": (NEXT + TINTED + _space(0, 0, 300) + BOX, _size(9.5)),
    "Permission": (
        _border(*ALL_SIDES) + _space(120, 240) + BOX,
        BOLD + IN_ACCENT + _size(9.5),
    ),
    "Permission Background": (
        _border(*ALL_SIDES) + _shade(ACCENT_RGB) + _space(120, 240) + BOX,
        BOLD + IN_WHITE + _size(9.5),
    ),
    "Block Text": (NEXT + _border("left", width=18, space=10) + _space(160, 0) + BOX, ""),
    "Quotation Source": (
        _border("left", width=18, space=10) + _space(0, 160) + BOX,
        _size(9.5),
    ),
    "Definition Term": (NEXT + _space(80, 20), BOLD),
    "Definition": (_space(0, 100), ""),
    "Organisation": (NEXT + _space(80, 0), BOLD),
    "Contact": (_space(0, 0), ""),
    "footnote text": (_space(0, 20, 240), _size(8.5)),
    "footer": (
        '<w:tabs><w:tab w:val="right" w:pos="9180"/></w:tabs>' + _space(0, 0),
        IN_MUTED + _size(8.5),
    ),
} | {
    f"Amendment {hangs} {level}": (
        _space(0, 60)
        + f'<w:ind w:left="{NUMBER + STEP * (level + extra)}" w:hanging="{STEP * extra}"/>',
        "",
    )
    for level in range(DEEPEST_LINE + 1)
    for hangs, extra in (("Line", 0), ("Hanging", 1))
}
CHARACTERS = {
    "Figure Value": BOLD + IN_ACCENT + _size(18),
    "Hyperlink": f'{IN_ACCENT}<w:u w:val="single"/>',
    "footnote reference": '<w:vertAlign w:val="superscript"/>',
}
TABLE = f"""<w:style w:type="table" w:customStyle="1" w:default="1" w:styleId="Table">
<w:name w:val="Table"/><w:qFormat/><w:pPr>{_space(40, 40, 240)}</w:pPr><w:rPr>{_size(9.5)}</w:rPr>
<w:tblPr><w:tblBorders>
<w:bottom w:val="single" w:sz="4" w:space="0" w:color="B9C4C7"/>
<w:insideH w:val="single" w:sz="4" w:space="0" w:color="B9C4C7"/>
</w:tblBorders><w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/>
</w:tblCellMar></w:tblPr>
<w:tblStylePr w:type="firstRow"><w:rPr>{BOLD}</w:rPr><w:tcPr><w:tcBorders>
<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{ACCENT_RGB}"/>
</w:tcBorders></w:tcPr></w:tblStylePr></w:style>"""


def _style_id(name: str) -> str:
    return "".join(word[0].upper() + word[1:] for word in name.split())


def _style(name: str, paragraph: str, letters: str) -> str:
    linked = "" if name == "Body Text" else '<w:basedOn w:val="Normal"/>'
    return (
        f'<w:style w:type="paragraph" w:styleId="{_style_id(name)}"><w:name w:val="{name}"/>'
        f"{linked}<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
    )


def _character(name: str, letters: str) -> str:
    return (
        f'<w:style w:type="character" w:styleId="{_style_id(name)}"><w:name w:val="{name}"/>'
        f"<w:qFormat/><w:rPr>{letters}</w:rPr></w:style>"
    )


def _styles(theirs: str) -> str:
    """Pandoc's styles with ours in place of those of the same name."""
    ours = [_style(name, *looks) for name, looks in PARAGRAPHS.items()]
    ours += [_character(name, letters) for name, letters in CHARACTERS.items()]
    held = {_style_id(name) for name in (*PARAGRAPHS, *CHARACTERS)} | {"Table"}
    kept = re.sub(
        r'\s*<w:style [^>]*w:styleId="([^"]+)".*?</w:style>',
        lambda style: "" if style[1] in held else style[0],
        theirs,
        flags=re.DOTALL,
    )
    letters = f"{FONT}<w:color w:val='{INK_RGB}'/>{_size(10.5)}<w:lang w:val='en-GB'/>"
    kept = re.sub(
        r"<w:rPrDefault>.*?</w:rPrDefault>",
        f"<w:rPrDefault><w:rPr>{letters}</w:rPr></w:rPrDefault>",
        kept,
        flags=re.DOTALL,
    )
    return kept.replace("</w:styles>", f"{''.join(ours)}{TABLE}</w:styles>")


def _field(instruction: str) -> str:
    return f'<w:fldSimple w:instr=" {instruction} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _footer() -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:ftr xmlns:w="{WORD}"><w:p><w:pPr>'
        f'<w:pStyle w:val="Footer"/></w:pPr><w:r><w:t>{LABELS}</w:t></w:r><w:r><w:tab/></w:r>'
        f'<w:r><w:t xml:space="preserve">Page </w:t></w:r>{_field("PAGE")}'
        f'<w:r><w:t xml:space="preserve"> of </w:t></w:r>{_field("NUMPAGES")}</w:p></w:ftr>'
    )


def _document() -> str:
    """An empty document whose one section gives the page: A4, our margins, our footer."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{WORD}" xmlns:r="{LINKS}">'
        '<w:body><w:p/><w:sectPr><w:footerReference w:type="default" r:id="rId40"/>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1360" w:right="1360" w:bottom="1360"'
        ' w:left="1360" w:header="680" w:footer="680" w:gutter="0"/></w:sectPr></w:body>'
        "</w:document>"
    )


def make_reference() -> bytes:
    default = subprocess.run(
        [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"],
        capture_output=True,
        check=True,
    ).stdout
    texts = {name: part.decode() for name, part in unpack(default).items()}
    texts["word/styles.xml"] = _styles(texts["word/styles.xml"])
    texts["word/document.xml"] = _document()
    texts["word/footer1.xml"] = _footer()
    _replace(
        texts, "word/settings.xml", 'w:themeFontLang w:val="en-US"', 'w:themeFontLang w:val="en-GB"'
    )
    _replace(
        texts,
        "[Content_Types].xml",
        "</Types>",
        f'<Override PartName="/word/footer1.xml" ContentType="{FOOTER_TYPE}"/></Types>',
    )
    _replace(
        texts,
        "word/_rels/document.xml.rels",
        "</Relationships>",
        f'<Relationship Type="{LINKS}/footer" Id="rId40" Target="footer1.xml"/></Relationships>',
    )
    _replace(
        texts,
        "word/fontTable.xml",
        "</w:fonts>",
        f'<w:font w:name="{FAMILY}"><w:altName w:val="{SUBSTITUTE}"/></w:font></w:fonts>',
    )
    return pack({name: part.encode() for name, part in texts.items()})


def _replace(texts: dict[str, str], name: str, old: str, new: str) -> None:
    """Fails where pandoc's file is no longer as we know it, rather than leave our change out."""
    if texts[name].count(old) != 1:
        raise LookupError(f"{name} of pandoc's reference.docx has no single {old}")
    texts[name] = texts[name].replace(old, new)


if __name__ == "__main__":
    REFERENCE.write_bytes(make_reference())
