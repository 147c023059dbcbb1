"""Addresses of the page, mounted at `w/`, which tells nothing and which the log filter knows."""

from django.urls import path, re_path

from evidence.own_page import views
from evidence.own_page.changes import FOR_ALL, FOR_ONE

app_name = "own_page"
urlpatterns = [
    path("<str:token>/", views.start, name="start"),
    path("<str:token>", views.start),
    path("<str:token>/pause", views.pause, name="pause"),
    path("<str:token>/send", views.send, name="send"),
    path("<str:token>/renew", views.renew, name="renew"),
    path("<str:token>/code", views.code, name="code"),
    path("<str:token>/close", views.close, name="close"),
    path("<str:token>/mine", views.mine, name="mine"),
    *(
        path(f"<str:token>/mine/{act}", views.change_all, {"act": act}, name=f"all_{act}")
        for act in FOR_ALL
    ),
    path(
        "<str:token>/mine/<uuid:consent>/account/<uuid:account>",
        views.change_account,
        name="one_account",
    ),
    *(
        path(
            f"<str:token>/mine/<uuid:consent>/{act}/<str:key>",
            views.change_one,
            {"act": act},
            name=f"one_{act}",
        )
        for act in FOR_ONE
    ),
    re_path(r"", views.elsewhere),
]
