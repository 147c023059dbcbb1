"""Make the documentation's pictures of the demo's pack in every format, and of the desk."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from campaigns.models import Pack
from evidence.refusing import Refused

FOLDER = settings.BASE_DIR / "docs" / "images" / "gallery"


class Command(BaseCommand):
    help = "Make the pictures in docs/images anew; the desk's needs a demo that is running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--pack", default="lords-report", help="the slug of the pack shown")
        parser.add_argument("--one-side", default="lords-report-one-side", help="and on one side")
        parser.add_argument("--folder", type=Path, default=FOLDER)
        parser.add_argument("--desk", default=settings.SITE_URL, help="where the demo answers")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not the demo: a real pack is no picture in a document.")
        try:
            from config.gallery import make_gallery  # it needs what tests need, not what serves
        except ImportError as missing:
            raise CommandError(f"{missing.name} is not installed: make venv-dev first.") from None
        try:
            pack, one_side = (_pack(options[name]) for name in ("pack", "one_side"))
            made = make_gallery(
                pack,
                one_side,
                options["folder"],
                desk=options["desk"],
                say=self.stderr.write,
            )
        except Refused as refused:
            raise CommandError(str(refused)) from None
        size = sum(file.stat().st_size for file in made)
        self.stdout.write(f"{len(made)} pictures, {size // 1000} kB, in {options['folder']}")


def _pack(slug: str) -> Pack:
    try:
        return Pack.objects.get(slug=slug)
    except Pack.DoesNotExist:
        raise CommandError(f"There is no pack “{slug}”.") from None
