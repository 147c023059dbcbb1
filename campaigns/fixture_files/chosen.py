"""The one piece of evidence that an entry names, by the field that it stands in."""

from collections.abc import Mapping

from django.db.models import Model

from evidence.fixture_files import Entry, LoadedEvidence, Loading


def chosen_evidence(
    loading: Loading, known: LoadedEvidence, entry: Entry
) -> tuple[str, Model] | None:
    """The model's field and the row; None if it belongs to a source that is left out.

    A source is left out by deleting its file, so what is not there is told, not refused.
    """
    if entry.has("statistic"):
        wanted = entry.entry("statistic")
        source = wanted.text("source")
        row = known.evidence.statistic(wanted, known.vocabulary, source)
        wanted.done()
        return _or_left_out(loading, entry, "statistic", f"a figure of {source}", row)
    rows: dict[str, Mapping[str, Model]] = {
        "statement": known.evidence.statements,
        "source": known.evidence.sources,
        "gap": known.evidence.gaps,
        "claim": known.claims,
        "testimony": known.testimony,
    }
    for field, by_key in rows.items():
        if entry.has(field):
            key = entry.text(field)
            model_field = "testimony_version" if field == "testimony" else field
            return _or_left_out(loading, entry, model_field, key, by_key.get(key))
    return None


def _or_left_out(
    loading: Loading, entry: Entry, field: str, name: str, row: Model | None
) -> tuple[str, Model] | None:
    if row is None:
        loading.left_out.append(f"{entry.place}: {name} is left out.")
        return None
    return field, row
