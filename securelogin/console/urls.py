"""The console's addresses."""

from django.urls import path, re_path

from securelogin.console import views

app_name = "console"
urlpatterns = [
    path("", views.home, name="home"),
    re_path(r"^d/(?P<domain>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)/$", views.domain, name="domain"),
]
