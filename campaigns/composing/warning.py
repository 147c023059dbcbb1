"""What an officer should know before a pack goes out, though nothing of it stops the pack."""

from collections.abc import Iterator

from django.utils import timezone

from campaigns.briefing import Briefing
from campaigns.briefing.blocks import Contact
from campaigns.briefing.text import WORDS, counted
from campaigns.briefing.wording import contact_line, joined
from campaigns.models import Bill, Pack, PackItem, Stage


def warnings(pack: Pack, briefing: Briefing) -> Iterator[str]:
    if not PackItem.objects.filter(section__pack=pack, ask__isnull=False).exists():
        yield "The pack asks for nothing: choose an ask."
    if pack.used_on < timezone.localdate():
        yield "The day of use has passed."
    if over := stage_is_over(pack.stage):
        yield over
    if not (pack.contact_email or pack.contact_phone):
        yield "The pack names nobody to write to or ring."
    yield from _without_contact(briefing)
    letter = counted(briefing)
    if letter.words > WORDS:
        yield f"The e-mail has {letter.words} words, more than {WORDS}: shorten the asks."
    if letter.lacks_amendment:
        yield f"The e-mail has no room for the amendment within {WORDS} words: shorten the asks."


def _without_contact(briefing: Briefing) -> Iterator[str]:
    senders = [block for block in briefing.blocks if isinstance(block, Contact)]
    if bare := [each.organisation for each in senders[1:] if not contact_line(each)]:
        stand = "stands" if len(bare) == 1 else "stand"
        yield (
            f"The pack's contact is printed below {senders[0].organisation}; "
            f"{joined(bare)} {stand} in it without."
        )


def stage_is_over(stage: Stage) -> str:
    """Why nothing of this stage is still to come, as far as it is known; empty while it may be."""
    bill: Bill = stage.bill
    published = getattr(bill, "as_published", None)
    if bill.royal_assent_on and bill.royal_assent_on <= timezone.localdate():
        return f"{bill} had Royal Assent on {bill.royal_assent_on:%-d %B %Y}: the stage has passed."
    if published and published.is_defeated:
        return f"{bill} was defeated: the stage will not be taken."
    now = published and published.current_stage
    if now and now.position > stage.position:
        return f"{bill} has reached {now}: {stage} has passed."
    return ""
