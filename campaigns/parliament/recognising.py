"""Which amendment of ours a published one is, and how one that we never saw begins."""

import re
from collections.abc import Sequence
from uuid import uuid4

from django.contrib.auth.models import User
from django.db.models import Prefetch, Q

from campaigns.models import (
    Amendment,
    AmendmentAsPublished,
    AmendmentOrigin,
    CameFrom,
    Sponsor,
    Stage,
)
from campaigns.parliament.differences import number_in
from campaigns.parliament.payloads import AmendmentSaid

TITLE = 200
PAGE = "https://bills.parliament.uk/bills/{bill}/stages/{stage}/amendments/{amendment}"


class Typed:
    """Amendments that were here before they were read: by Parliament's id, or by number.

    They were typed, or came in with a marshalled list, which knows no ids. A number is an identity
    within a stage alone, and only where it stands once.
    """

    def __init__(self, stage: Stage, said: Sequence[AmendmentSaid]) -> None:
        ids = [each.parliament_id for each in said]
        numbers = {number_in(each.marshalled_list_text or "") for each in said} - {""}
        listed = Q(as_published__came_from=CameFrom.LIST, as_published__parliament_id=None)
        unread = Amendment.objects.filter(
            Q(as_published=None) | listed, origin=AmendmentOrigin.PARLIAMENT
        ).filter(Q(parliament_id__in=ids) | Q(parliament_id=None, stage=stage, number__in=numbers))
        sponsors = Sponsor.objects.select_related("member").order_by("position", "pk")
        unread = unread.select_related("as_published").prefetch_related(
            Prefetch("sponsors", sponsors), "lines"
        )
        found: list[Amendment] = list(unread.order_by("pk")) if said else []
        self._by_id = {each.parliament_id: each for each in found if each.parliament_id}
        numbered = [each for each in found if each.parliament_id is None]
        counted = [each.number for each in numbered]
        self._by_number = {
            each.number: each for each in numbered if counted.count(each.number) == 1
        }

    def take(self, said: AmendmentSaid) -> Amendment | None:
        number = number_in(said.marshalled_list_text or "")
        return self._by_id.pop(said.parliament_id, None) or self._by_number.pop(number, None)


def words_of(text: str) -> tuple[str, ...]:
    """A list and the API break lines and set quotation marks each in its own way."""
    return tuple(re.findall(r"\w+", text))


def same_words(one: str, other: str) -> bool:
    return words_of(one) == words_of(other)


def begun(stage: Stage, said: AmendmentSaid, *, by: User) -> Amendment:
    """A draft in the reader's name: whoever wants it on the website reads and approves it."""
    pid = said.parliament_id
    return Amendment(
        id=uuid4(),
        slug=f"parliament-{pid}",
        stage=stage,
        parliament_id=pid,
        title=f"Amendment {pid}",
        url=PAGE.format(bill=stage.bill.parliament_id, stage=stage.parliament_id, amendment=pid),
        last_edited_by=by,
    )


def title_of(row: AmendmentAsPublished) -> str:
    """Its printed heading, or its first words: nothing of ours."""
    summary = row.summary.splitlines()
    opens = bool(summary) and summary[0].rstrip().endswith(("—", "–", "-"))
    heading = summary[1] if opens and len(summary) > 1 else "".join(summary[:1])
    first = next((line["text"] for line in row.lines if line["text"]), "")
    title = row.main_header or heading or first or f"Amendment {row.parliament_id}"
    return title if len(title) <= TITLE else f"{title[: TITLE - 1]}…"
