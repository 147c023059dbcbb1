"""Its addresses, and the application for a WSGI server."""

from django.core.wsgi import get_wsgi_application
from django.urls import path

application = get_wsgi_application()

from wagtail.api.v2.router import WagtailAPIRouter  # noqa: E402 - needs Django set up
from wagtail.api.v2.views import PagesAPIViewSet  # noqa: E402

router = WagtailAPIRouter("api")
router.register_endpoint("pages", PagesAPIViewSet)
urlpatterns = [path("api/", router.urls)]
