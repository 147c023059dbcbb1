"""A bill and its stages as Parliament lists them, matched to those that we hold."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from campaigns.models import Bill, BillAsPublished, ChangeKind, Sitting, Stage
from campaigns.models.vocabulary import plain_stage
from campaigns.parliament.payloads import BillSaid, StageSaid
from campaigns.parliament.telling import Teller

NAME = 80
SAID = (
    *("short_title", "current_house", "is_act", "is_defeated", "withdrawn_on"),
    *("royal_assent_on", "last_update"),
)


def write_stages(bill: Bill, said: Sequence[StageSaid], teller: Teller) -> bool:
    """Whether anything of them changed. None is ever deleted: what belongs to it is ours."""
    held = list(bill.stages.prefetch_related("sittings"))
    written = [_write_stage(bill, each, held, teller) for each in said]
    return any(written)


def write_bill(bill: Bill, said: BillSaid, teller: Teller) -> None:
    """What it does not say of the bill stays as it was read before.

    So does the current stage, where the one that it names is not listed yet.
    """
    held = BillAsPublished.objects.select_related("current_stage").filter(bill=bill).first()
    published = held or BillAsPublished(bill=bill)
    was, stage = published.current_stage, _current_stage(bill, said)
    if was and stage and was != stage:  # from one that was not known, it may never have moved
        teller.tell(ChangeKind.STAGE_MOVED, str(was), str(stage), stage=stage, is_ours=True)
    published.current_stage = stage or was
    for name in SAID:
        value = getattr(said, name)
        if value is not None:
            setattr(published, name, _kept(name, value))
    published.save()


def _current_stage(bill: Bill, said: BillSaid) -> Stage | None:
    if said.current_stage_id is None:
        return None  # not a stage that was typed, and has no id either
    return bill.stages.filter(parliament_id=said.current_stage_id).first()


def _kept(name: str, said: Any) -> Any:
    """As its column takes it: a text is cut at its length, and an empty day is none."""
    longest = getattr(BillAsPublished._meta.get_field(name), "max_length", None)
    return said[:longest] if longest else None if said == "" else said


def _write_stage(bill: Bill, said: StageSaid, held: list[Stage], teller: Teller) -> bool:
    stage = _known(said, held)
    if stage is None:
        stage = Stage(bill=bill, parliament_id=said.parliament_id, house=said.house)
        held.append(stage)
    was = stage.pk and (stage.parliament_id, stage.house, stage.name, stage.position)
    was_called = stage.name_as_published
    stage.parliament_id = said.parliament_id
    stage.house = stage.house or said.house
    stage.name = stage.name or said.name[:NAME]
    stage.name_as_published = said.name[:160] or was_called
    stage.position = said.position or stage.position
    is_changed = was != (stage.parliament_id, stage.house, stage.name, stage.position)
    if is_changed or stage.name_as_published != was_called:
        stage.save()
    if stage.has_unknown_name:
        teller.tell_of_word(stage.name_as_published, stage=stage)
    return _write_sittings(stage, said) or is_changed


def _known(said: StageSaid, held: list[Stage]) -> Stage | None:
    """By its id; else the one of that name which has none yet, as it was typed before the sync.

    A stage of which only the id was known gives it up to the one of that name.
    """
    by_id = next((each for each in held if each.parliament_id == said.parliament_id), None)
    if by_id and by_id.name:
        return by_id
    by_name = next((each for each in held if _is_called(each, said)), None)
    if by_id and by_name:
        by_id.parliament_id = None
        by_id.save(update_fields=["parliament_id"])
    return by_name or by_id


def _is_called(stage: Stage, said: StageSaid) -> bool:
    return (
        stage.parliament_id is None
        and bool(stage.name)
        and plain_stage(stage.name) == plain_stage(said.name)
        and stage.house == said.house
    )


def _write_sittings(stage: Stage, said: StageSaid) -> bool:
    """A day that is still to come and is not listed any more was moved; what was held stays."""
    held = {sitting.date: sitting for sitting in stage.sittings.all()}
    new = [Sitting(stage=stage, date=day) for day in said.sittings if day not in held]
    Sitting.objects.bulk_create(new, ignore_conflicts=True)
    deleted = 0
    if said.sittings:
        moved = [day for day in held if day not in said.sittings and day > timezone.localdate()]
        deleted, _ = stage.sittings.filter(date__in=moved, note="", groups=None).delete()
    return bool(new or deleted)
