"""The console's addresses."""

from django.urls import path, re_path

from securelogin.console import views
from securelogin.directory.names import LABEL

app_name = "console"
urlpatterns = [
    path("", views.home, name="home"),
    re_path(rf"^d/(?P<domain>{LABEL})/$", views.domain, name="domain"),
]
