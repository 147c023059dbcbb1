"""What the desk's own pages share: who may see them, and the frame around them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.generic import TemplateView


class DeskPage(TemplateView):
    """For staff who may see figures, unless it names another permission."""

    site: Any = None
    title = ""
    room = "Figures"  # whose tabs it stands under
    permission = "evidence.view_statistic"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        frame = self.site.each_context(self.request)
        told = super().get_context_data(**kwargs)
        return {**frame, "title": self.title, "room": self.room, **told}
