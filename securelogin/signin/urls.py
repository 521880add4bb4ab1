"""Signing in's addresses."""

from django.urls import path, re_path

from securelogin.directory.names import LABEL
from securelogin.signin import views

app_name = "signin"
urlpatterns = [
    path("go", views.go, name="go"),
    re_path(rf"^d/(?P<domain>{LABEL})/login$", views.login, name="login"),
    path("logout", views.logout, name="logout"),
]
