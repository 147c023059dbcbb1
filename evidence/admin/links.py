"""Addresses of the desk's own pages."""

from django.db.models import Model
from django.urls import reverse


def address_of(record: Model, page: str = "change") -> str:
    name = record._meta.label_lower.replace(".", "_")
    return reverse(f"admin:{name}_{page}", args=[record.pk])


def list_of(model: type[Model], page: str = "changelist") -> str:
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{page}")
