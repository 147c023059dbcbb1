"""What the desk calls each kind of record: one word for one thing, on every page."""

from django.db.models import Model


def kind_of(model: Model | type[Model]) -> str:
    return str(model._meta.verbose_name)


def counted(count: int, model: type[Model]) -> str:
    meta = model._meta
    return f"{count} {meta.verbose_name if count == 1 else meta.verbose_name_plural}"
