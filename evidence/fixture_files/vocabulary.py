"""What figures are told in: organisations, areas, measures and periods, found by their names."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Model

from evidence.fixture_files.adding import Loading, id_of, known
from evidence.fixture_files.reading import Entry, FixtureError, read_list
from evidence.models import (
    Area,
    AreaLevel,
    Measure,
    Organisation,
    OrganisationKind,
    Period,
    PeriodKind,
)


@dataclass(frozen=True)
class Vocabulary:
    """What other fixture files may name: organisations and measures by key, areas by name or GSS
    code, periods by label.
    """

    organisations: Mapping[str, Organisation]
    areas: Mapping[str, Area]
    measures: Mapping[str, Measure]
    periods: Mapping[str, Period]

    def organisation(self, entry: Entry, field: str) -> Organisation:
        return named(self.organisations, entry, field)

    def organisation_list(self, entry: Entry, field: str) -> list[Organisation]:
        return [each_of(self.organisations, entry, key) for key in entry.texts(field)]

    def area(self, entry: Entry, default: str | None = None) -> Area:
        return named(self.areas, entry, "area", default)

    def measure(self, entry: Entry, default: str | None = None) -> Measure:
        return named(self.measures, entry, "measure", default)

    def period(self, entry: Entry, field: str = "period") -> Period:
        return named(self.periods, entry, field)


def named[M: Model](
    rows: Mapping[str, M], entry: Entry, field: str, default: str | None = None
) -> M:
    return each_of(rows, entry, entry.text(field, default))


def each_of[M: Model](rows: Mapping[str, M], entry: Entry, key: str) -> M:
    if key not in rows:
        raise entry.wrong(f"nothing is known as {key!r}.")
    return rows[key]


def load_vocabulary(loading: Loading) -> Vocabulary:
    folder = loading.folder
    return Vocabulary(
        organisations={
            entry.text("key"): _organisation(loading, entry)
            for entry in read_list(folder / "organisations.yaml")
        },
        areas=_areas(loading),
        measures=_measures(loading),
        periods={
            entry.text("label"): _period(loading, entry)
            for entry in read_list(folder / "periods.yaml")
        },
    )


def _organisation(loading: Loading, entry: Entry) -> Organisation:
    key = entry.text("key")
    made = Organisation(
        id=id_of(Organisation, key),
        key=key,
        name=entry.text("name"),
        website=entry.text("website", ""),
        kind=entry.choice("kind", ["", *OrganisationKind.values], ""),
    )
    entry.done()
    return loading.add(entry, known(Organisation, key, key=key), made)


def _period(loading: Loading, entry: Entry) -> Period:
    label = entry.text("label")
    made = Period(
        id=id_of(Period, label),
        label=label,
        kind=entry.choice("kind", PeriodKind.values),
        start=entry.day("start"),
        end=entry.day("end"),
    )
    entry.done()
    found = known(Period, label, label=label, start=made.start, end=made.end)
    return loading.add(entry, found, made)


def _measures(loading: Loading) -> dict[str, Measure]:
    classes = {
        row["key"]: row["home_office_class"]
        for row in _rows(loading.folder / "reference" / "offence_categories.csv")
    }
    return {
        entry.text("key"): _measure(loading, entry, classes)
        for entry in read_list(loading.folder / "measures.yaml")
    }


def _measure(loading: Loading, entry: Entry, classes: Mapping[str, str]) -> Measure:
    category = entry.text("offence_category", "")
    if category and category not in classes:
        raise entry.wrong(f"offence_categories.csv has no category {category!r}.")
    made = Measure(
        key=entry.text("key"),
        name=entry.text("name"),
        definition=entry.text("definition"),
        offence_class=classes.get(category, ""),
        additive=entry.flag("additive"),
    )
    entry.done()
    found = Measure.objects.filter(key=made.key).first()
    return loading.add(entry, found, made)


def _areas(loading: Loading) -> dict[str, Area]:
    """Areas as the statistics office codes them, each below what it lies in."""
    reference = loading.folder / "reference"
    tree = {row["gss_code"]: row for row in _rows(reference / "area_tree.csv")}
    wanted = [
        Area(
            gss_code=row["gss_code"],
            name=row["name"],
            level=AreaLevel(row["level"]),
            parent_id=tree[row["gss_code"]]["parent"] or None,
            aliases=tree[row["gss_code"]]["aliases"],
        )
        for row in _rows(reference / "uk_geographies.csv")
    ]
    countries = {area.name for area in wanted}
    for row in _rows(reference / "police_force_areas.csv"):
        aliases = row["aliases_not_from_source"]
        name = row["pfa_name"]
        wanted.append(
            Area(
                gss_code=row["pfa_code"],
                # Scotland is a country and a police force area too: there the force's name is used.
                name=aliases.split("|")[0] if name in countries else name,
                level=AreaLevel.POLICE_FORCE,
                parent_id=row["country_code"],
                aliases=aliases,
            )
        )
    return _by_name_and_code(loading, wanted)


def _by_name_and_code(loading: Loading, wanted: list[Area]) -> dict[str, Area]:
    there = set(Area.objects.values_list("gss_code", flat=True))
    missing = [area for area in wanted if area.gss_code not in there]
    Area.objects.bulk_create(missing)
    loading.added["areas"] += len(missing)
    loading.kept["areas"] += len(wanted) - len(missing)
    rows = {area.gss_code: area for area in Area.objects.all()}
    # The fixtures' own names, in case somebody has renamed an area since.
    return {**rows, **{area.name: rows[area.gss_code] for area in wanted}}


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))
    except FileNotFoundError as error:
        raise FixtureError(f"{path.parent.name}/{path.name}: there is no such file.") from error
