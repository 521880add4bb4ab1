"""The console's addresses: the front door, and below a domain's own address one page for each tab."""

from django.urls import include, path, re_path

from securelogin.console.views import groups, home, profile, users
from securelogin.directory.names import LABEL

app_name = "console"

_of_a_domain = [
    path("", home.home, name="home"),
    path("users/", users.users, name="users"),
    path("groups/", groups.groups, name="groups"),
    path("profile/", profile.account, name="profile"),
]

urlpatterns = [
    path("", home.front, name="front"),
    re_path(rf"^d/(?P<domain>{LABEL})/", include(_of_a_domain)),
]
