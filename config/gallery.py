"""Pictures of the demo's pack in every format, and of the desk, for the documentation.

They need what `make venv-dev` installs, and Chromium; Word's pages need LibreOffice.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
from django.conf import settings
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser, Error, Page, sync_playwright

from campaigns.building import printed
from campaigns.models import Pack, PackFormat
from campaigns.packs import compose
from evidence.refusing import Refused

CHROMIUM = Path("/usr/bin/chromium")
DESK, PHONE, MAIL = (900, 1200), (390, 844), (760, 580)
SHEET = 860  # pixels that a page of A4 is wide
COLOURS = 64
LARGEST = 200_000  # bytes of one picture
CONVERTED = 120  # seconds that LibreOffice may take to start and to convert
LETTER = "white-space: pre-wrap; font: 15px/1.5 monospace; padding: 1.5rem; max-width: 46rem"

type Say = Callable[[str], object]


def make_gallery(pack: Pack, one_side: Pack, folder: Path, *, desk: str, say: Say) -> list[Path]:
    """Every picture anew; those that this machine cannot make are told, and stay as they were."""
    folder.mkdir(parents=True, exist_ok=True)
    made = _sheets(folder, "one-side", _issued(one_side, PackFormat.PDF))
    made += _sheets(folder, "pdf", _issued(pack, PackFormat.PDF))
    if word := _as_word_prints(_issued(pack, PackFormat.DOCX)):
        made += _sheets(folder, "word", word)
    else:
        say("LibreOffice is not here: the pictures of the Word file stay as they were.")
    texts = (_issued(pack, format).decode() for format in (PackFormat.HTML, PackFormat.TXT))
    return made + _in_a_browser(folder, *texts, desk=desk, say=say)


def _issued(pack: Pack, format: PackFormat) -> bytes:
    """As it would go out, without the marks of a preview."""
    composition = compose(pack)
    composition.refuse_if_stopped()
    return printed(composition.briefing, format, timestamp=pack.updated_at)


def _sheets(folder: Path, name: str, pdf: bytes) -> list[Path]:
    """A picture of each page; those of an older edition that had more of them go."""
    for old in folder.glob(f"{name}-*.png"):
        old.unlink()
    document = pypdfium2.PdfDocument(pdf)
    return [
        _kept(folder / f"{name}-{number}.png", _drawn(page))
        for number, page in enumerate(document, 1)
    ]


def _drawn(page: Any) -> Image.Image:
    drawn: Image.Image = page.render(scale=SHEET / page.get_width()).to_pil()
    return drawn


def _as_word_prints(file: bytes) -> bytes:
    """The Word file as LibreOffice lays it out, as PDF; empty where that is not installed."""
    if not (office := shutil.which("soffice")):
        return b""
    with tempfile.TemporaryDirectory() as place:
        word = Path(place) / "briefing.docx"
        word.write_bytes(file)
        subprocess.run(
            [
                office,
                f"-env:UserInstallation=file://{place}/profile",
                *("--headless", "--convert-to", "pdf", "--outdir", place, str(word)),
            ],
            capture_output=True,
            check=True,
            timeout=CONVERTED,
        )
        return word.with_suffix(".pdf").read_bytes()


def _in_a_browser(folder: Path, html: str, text: str, *, desk: str, say: Say) -> list[Path]:
    letter = f'<!doctype html><pre style="{LETTER}">{escape(text)}</pre>'
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
        except Error:
            raise Refused(f"There is no Chromium at {CHROMIUM}: install it first.") from None
        with browser:
            made = [
                _kept(folder / "web-desk.png", _shown(browser, DESK, html)),
                _kept(folder / "web-phone.png", _shown(browser, PHONE, html)),
                _kept(folder / "e-mail.png", _shown(browser, MAIL, letter)),
            ]
            try:
                made.append(_kept(folder.parent / "desk.png", _desk(browser, desk)))
            except Error:
                say(f"No demo answers at {desk}: desk.png stays as it was.")
    return made


def _shown(browser: Browser, size: tuple[int, int], html: str) -> Image.Image:
    page = _page(browser, size)
    page.set_content(html)
    return _screenshot(page)


def _desk(browser: Browser, address: str) -> Image.Image:
    """The claims, each recomputed, as the demo's lead sees them."""
    page = _page(browser, (1360, 820))
    page.goto(f"{address.rstrip('/')}{reverse('admin:login')}")
    page.fill("input[name=username]", "lead")
    page.fill("input[name=password]", _passwords()["lead"])
    page.click("button[type=submit]")
    page.wait_for_load_state()
    page.goto(f"{address.rstrip('/')}{reverse('admin:evidence_claim_changelist')}")
    page.wait_for_load_state("networkidle")
    return _screenshot(page)


def _passwords() -> dict[str, str]:
    told: dict[str, str] = json.loads((settings.VAR / "demo_accounts.json").read_text())
    return told


def _page(browser: Browser, size: tuple[int, int]) -> Page:
    width, height = size
    return browser.new_page(viewport={"width": width, "height": height})


def _screenshot(page: Page) -> Image.Image:
    return Image.open(BytesIO(page.screenshot()))


def _kept(file: Path, picture: Image.Image) -> Path:
    """In few colours, and fewer still until it is small: print has not many."""
    for content in _smaller_and_smaller(picture):
        if len(content) < LARGEST:
            file.write_bytes(content)
            return file
    raise Refused(f"{file.name} is larger than {LARGEST // 1000} kB however few its colours.")


def _smaller_and_smaller(picture: Image.Image) -> Iterator[bytes]:
    colours = COLOURS
    while colours >= COLOURS // 8:
        written = BytesIO()
        few = picture.convert("RGB").quantize(colours, dither=Image.Dither.NONE)
        few.save(written, "PNG", optimize=True)
        yield written.getvalue()
        colours //= 2
