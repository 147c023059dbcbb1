"""Addresses of the desk's own pages, under the name by which the admin asks for them."""

from evidence.desk_addresses import address_of, list_of

__all__ = ["address_of", "list_of"]
