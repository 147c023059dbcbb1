"""Who may have an account: administrators make them, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth without a sign-up page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
