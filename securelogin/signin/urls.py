"""Signing in's addresses."""

from django.urls import path, re_path

from securelogin.directory.names import LABEL
from securelogin.signin import link_pages, views

app_name = "signin"
urlpatterns = [
    path("go", views.go, name="go"),
    re_path(rf"^d/(?P<domain>{LABEL})/login$", views.login, name="login"),
    re_path(rf"^d/(?P<domain>{LABEL})/forgot$", link_pages.forgot, name="forgot"),
    path("reset/<str:link>", link_pages.reset, name="reset"),
    path("invitation/<str:link>", link_pages.invitation, name="invitation"),
    path("logout", views.logout, name="logout"),
]
