"""Signing in's addresses."""

from django.urls import path, re_path

from securelogin.signin import views

app_name = "signin"
urlpatterns = [
    path("go", views.go, name="go"),
    re_path(r"^d/(?P<domain>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)/login$", views.login, name="login"),
    path("logout", views.logout, name="logout"),
]
