"""Adding what is missing and leaving alone what is there: the way every fixture takes in."""

import uuid
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.contrib.auth.models import User
from django.db.models import Model, Q
from django.utils import timezone

from evidence import review
from evidence.fixture_files.reading import Entry
from evidence.models import Reviewed

# Ids follow from the fixture's own keys, so that a row is known again whatever was edited in it.
NAMESPACE = uuid.UUID("b7c3cf1e-7d0b-5a3c-9a55-0d6c1f7a2e11")


def id_of(model: type[Model], key: str) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, f"{model._meta.model_name}/{key}")


@dataclass(frozen=True)
class Report:
    """How many rows were added and how many were there, and which references were left out."""

    added: Counter[str]
    kept: Counter[str]
    left_out: tuple[str, ...]


@dataclass
class Loading:
    """One run: who acts, which sources are left out, and what has been done so far."""

    folder: Path
    officer: User
    lead: User
    without: Collection[str] = ()
    today: date = field(default_factory=timezone.localdate)
    added: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    left_out: list[str] = field(default_factory=list)
    drafts: list[tuple[Reviewed, Entry]] = field(default_factory=list)

    def add[M: Model](
        self, entry: Entry, found: M | None, made: M, lines: Callable[[M], object] | None = None
    ) -> M:
        """The row that was found, as it is; else the one made, with its lines, for review later."""
        if found is not None:
            return self.keep(found)
        with entry.blamed():
            made.full_clean()
            made.save(force_insert=True)
            if lines:
                lines(made)
        self.added[_kind(made)] += 1
        if isinstance(made, Reviewed):
            self.drafts.append((made, entry))
        return made

    def keep[M: Model](self, found: M) -> M:
        self.kept[_kind(found)] += 1
        return found

    def review(self) -> None:
        """The officer submits what was added, and the campaign lead approves it."""
        for record, entry in self.drafts:
            with entry.blamed():
                review.submit(record, by=self.officer)
                review.approve(record, by=self.lead)
        self.drafts.clear()

    def report(self) -> Report:
        return Report(self.added, self.kept, tuple(self.left_out))


def _kind(row: Model) -> str:
    return str(row._meta.verbose_name_plural)


def known[M: Model](model: type[M], fixture_key: str, /, **natural: object) -> M | None:
    """The row that this fixture made, or one that says the same and was there before."""
    same = Q(pk=id_of(model, fixture_key))
    if natural:
        same |= Q(**natural)
    return model._default_manager.filter(same).first()
