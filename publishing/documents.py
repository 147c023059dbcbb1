"""What every published document has, and the registry in which the upper floors enter theirs."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model
from rest_framework import serializers

from publishing.models import Kind

Facets = dict[str, list[str]]
Followers = Callable[[Any], Iterable[Model]]

# The fields that hold sentences: feed readers show them, search highlights them.
PROSE = (
    "summary",
    "text",
    "caveat",
    "change_wanted",
    "rationale",
    "precedent",
    "outcome",
    "explanatory_statement",
    "note",
)

_by_model: dict[type[Model], type["Document[Any]"]] = {}
_by_kind: dict[Kind, type["Document[Any]"]] = {}
_followers: dict[type[Model], list[Followers]] = {}


class Words(serializers.CharField):
    """Text that is null in the document where nothing is known."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_null=True, **options)

    def to_representation(self, value: Any) -> str | None:  # type: ignore[override]  # null, not ""
        return super().to_representation(value) or None


class Envelope(serializers.Serializer[Any]):
    """What every document has; `publishing.publication` writes it."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    id = serializers.UUIDField()
    title = serializers.CharField()
    updated_at = serializers.DateTimeField(help_text="When what is published last changed.")
    url = serializers.URLField(help_text="The address of this document.")


class Document[Record](serializers.Serializer[Record]):
    """The public form of one kind of record: its fields are all that ever leaves."""

    published_as: Kind
    reads_with: tuple[str, ...] = ()  # the records that it names, read in one query with it
    licence = serializers.SerializerMethodField(
        help_text="The source's own (null where it states none); revocable for testimony."
    )

    def get_licence(self, record: Record) -> str | None:
        raise NotImplementedError

    def title_of(self, record: Record) -> str:
        """As lists show it."""
        return str(record)

    def prose_of(self, record: Record) -> str:
        """What search finds it by, beside its title."""
        raise NotImplementedError

    def facets_of(self, record: Record) -> Facets:
        """What lists can be filtered by. The feed's login reads it, so it names live items only.

        What is withdrawn later is left out by lists at once, and struck here within a minute.
        """
        return {}

    def expiry_of(self, record: Record) -> datetime | None:
        return None


def publishes[Form: type[Document[Any]]](
    *models: type[Model], kind: Kind
) -> Callable[[Form], Form]:
    """Enter a document for a model; without a model, whoever owns the kind writes it himself."""

    def enter(document: Form) -> Form:
        document.published_as = kind
        _by_kind[kind] = document
        _by_model.update(dict.fromkeys(models, document))
        return document

    return enter


def follows[Chosen: Followers](*models: type[Model]) -> Callable[[Chosen], Chosen]:
    """Enter a function from a record to the records whose documents show something of it.

    They are rendered anew with it if they are live, so it has to leave out what is being edited.
    """

    def enter(followers: Chosen) -> Chosen:
        for model in models:
            _followers.setdefault(model, []).append(followers)
        return followers

    return enter


def document_of(model: type[Model]) -> type[Document[Any]] | None:
    return _by_model.get(model)


def model_of(kind: Kind) -> type[Model] | None:
    return next((model for model, each in _by_model.items() if each.published_as == kind), None)


def document_for(kind: Kind) -> type[Document[Any]]:
    return _by_kind[kind]


def followers_of(record: Model) -> list[Model]:
    found = (each for chosen in _followers.get(type(record), []) for each in chosen(record))
    return list({(type(each), each.pk): each for each in found}.values())
