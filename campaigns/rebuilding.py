"""Any version again as it was sent, with what was withdrawn since taken out of it."""

from dataclasses import replace

from campaigns.briefing import Briefing
from campaigns.briefing.blocks import Block, Paragraph, TestimonyBox, Text
from campaigns.building import printed
from campaigns.composing.accounts import paragraphs
from campaigns.manifests import briefing_of
from campaigns.models import PackFormat, PackVersion
from evidence.models import TestimonyVersion

WITHDRAWN = "This account has been withdrawn."


def as_sent(version: PackVersion, format: str = PackFormat.PDF) -> bytes:
    """The same bytes as long as every account in it stands; raises Refused after an erasure."""
    gone = withdrawn_from(version)
    if not gone and format == version.format and not version.why_gone:
        return bytes(version.content)
    briefing = _blanked(briefing_of(version), gone) if gone else briefing_of(version)
    return printed(briefing, format, timestamp=version.issued_at)


def withdrawn_from(version: PackVersion) -> list[TestimonyVersion]:
    return list(
        TestimonyVersion.objects.filter(
            uses__copy_use__copy__version=version, uses__recalled_at__isnull=False
        ).distinct()
    )


def _blanked(briefing: Briefing, gone: list[TestimonyVersion]) -> Briefing:
    """Without the boxes of those accounts; where one is not found by its words, without any box."""
    words = {paragraphs(each.text) for each in gone}
    boxes = {box.paragraphs for box in briefing.blocks if isinstance(box, TestimonyBox)}
    if not words <= boxes:
        words = boxes
    blocks: list[Block] = []
    for block in briefing.blocks:
        if isinstance(block, TestimonyBox) and block.paragraphs in words:
            if blocks and _is_warning(blocks[-1]):
                blocks.pop()
            blocks.append(Paragraph((Text(WITHDRAWN, emphasis=True),)))
        else:
            blocks.append(block)
    return replace(briefing, blocks=tuple(blocks))


def _is_warning(block: Block) -> bool:
    """The content warning of the account below it, which tells of that account as well."""
    if not isinstance(block, Paragraph) or len(block.runs) != 1:
        return False
    (run,) = block.runs
    return isinstance(run, Text) and run.emphasis and run.text != WITHDRAWN
