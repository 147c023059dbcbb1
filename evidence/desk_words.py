"""What the desk calls each kind of record: one word for one thing, on every page."""

from django.db.models import Model

# The model is a statistic, and everyone says figure.
KINDS = {
    "evidence.statistic": ("figure", "figures"),
    "evidence.evidencegap": ("gap", "gaps"),
}


def kind_of(model: Model | type[Model]) -> str:
    return _words(model)[0]


def counted(count: int, model: type[Model]) -> str:
    return f"{count} {_words(model)[count != 1]}"


def _words(model: Model | type[Model]) -> tuple[str, str]:
    meta = model._meta
    own = (str(meta.verbose_name), str(meta.verbose_name_plural))
    return KINDS.get(meta.label_lower, own)
