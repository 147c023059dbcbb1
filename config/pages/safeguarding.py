"""The safeguarding lead's board: all that waits for her on one page, worst first."""

from typing import Any, cast

from django.contrib.auth.models import User

from config.board import board
from config.pages.page import DeskPage

SHOWN = 50  # of each kind; the rest stands in its list


class SafeguardingPage(DeskPage):
    template_name = "admin/pages/safeguarding.html"
    title = "Board"
    room = "Safeguarding"
    permission = "evidence.view_alert"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sections = board(cast("User", self.request.user))
        return super().get_context_data(**kwargs, sections=sections, shown=SHOWN)
