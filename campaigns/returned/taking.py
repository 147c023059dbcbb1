"""Takes the ticked wording of a returned file into the pack, which is a draft from then on."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from campaigns import markdown
from campaigns.models import Pack, PackContact, PackSection
from campaigns.returned.places import Field, Place
from campaigns.returned.wording import parts, plain, put_together, read
from evidence import review
from evidence.models import ReviewState
from evidence.refusing import Refused

CHANGED = (
    "The pack has changed since you looked at the file, and nothing was taken over: "
    "choose the file again."
)


@dataclass(frozen=True, slots=True)
class Wording:
    """One ticked change: what stands at a place, and what is to stand there."""

    place: Place
    before: str
    after: str
    is_added: bool


@transaction.atomic
def take_over(pack: Pack, chosen: Sequence[Wording], *, by: User) -> None:
    """All of them or none: each place has to say what it said when the file was looked at."""
    pack = Pack.objects.select_for_update(of=("self",)).get(pk=pack.pk)
    if pack.review_state == ReviewState.RETIRED:
        raise Refused("The pack is retired: an edit in its form brings it back first.")
    if not chosen:
        raise Refused("Tick what is to be taken over.")
    review.edit(pack, by=by)
    by_section = defaultdict[int, list[Wording]](list)
    for each in chosen:
        match each.place.field:
            case Field.ABOUT:
                pack.about_us = _replaced(pack.about_us, each)
                pack.save(update_fields=["about_us", "updated_at"])
            case Field.PARTNER:
                _about_a_partner(pack, each)
            case _:
                by_section[each.place.of].append(each)
    for section, wordings in by_section.items():
        _into_section(pack, section, wordings)


def _about_a_partner(pack: Pack, wording: Wording) -> None:
    line = PackContact.objects.filter(pack=pack, pk=wording.place.of).first()
    if line is None:
        raise Refused(CHANGED)
    line.about = _replaced(line.about, wording)
    line.save(update_fields=["about"])


def _into_section(pack: Pack, section_id: int, wordings: Iterable[Wording]) -> None:
    section = PackSection.objects.filter(pack=pack, pk=section_id).first()
    if section is None:
        raise Refused(CHANGED)
    paragraphs: list[list[str]] = [[each] for each in parts(section.text)]
    added = defaultdict[int, list[str]](list)  # by the paragraph that they stand before
    for each in wordings:
        number = each.place.paragraph
        if each.place.field == Field.HEADING:
            section.heading = _replaced(section.heading, each)
        elif each.is_added:
            added[number].append(markdown.escaped(each.after))
        elif number < len(paragraphs):
            if read(paragraphs[number][0]) != each.before:
                raise Refused(CHANGED)
            paragraphs[number] = [markdown.escaped(each.after)] if each.after else []
        else:
            raise Refused(CHANGED)
    if max(added, default=0) > len(paragraphs):
        raise Refused(CHANGED)
    together = [
        text for number, own in enumerate([*paragraphs, []]) for text in (*added[number], *own)
    ]
    section.text = put_together(together)
    section.save(update_fields=["heading", "text"])


def _replaced(now: str, wording: Wording) -> str:
    if plain(now) != wording.before:
        raise Refused(CHANGED)
    return wording.after
