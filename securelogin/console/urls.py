"""The console's addresses: the front door, and below a domain's own address one page for each tab."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from securelogin.console.views import (
    access_keys,
    clients,
    connection,
    danger,
    group,
    groups,
    guard,
    home,
    log,
    managers,
    profile,
    settings,
    trash,
    trusts,
    user,
    users,
)
from securelogin.directory.names import LABEL

app_name = "console"

_access_keys = [
    path("", access_keys.access_keys, name="access_keys"),
    path("generate/", access_keys.generate, name="access_key_generate"),
    path("<uuid:key_id>/rotate/", access_keys.rotate, name="access_key_rotate"),
    path("<uuid:key_id>/revoke/", access_keys.revoke, name="access_key_revoke"),
]

_a_connection = [
    path("", connection.detail, name="connection_detail"),
    path("pause/", connection.pause_it, name="connection_pause"),
    path("resume/", connection.resume_it, name="connection_resume"),
    path("revoke/", connection.revoke, name="connection_revoke"),
    path("secrets/add/", clients.add, name="secret_add"),
    path("secrets/<uuid:secret_id>/end/", clients.end, name="secret_end"),
    path("trust/", trusts.change, name="trust_change"),
    path("trust/check/", trusts.check, name="trust_check"),
]

_a_user = [
    path("", user.user, name="user"),
    path("groups/", user.groups, name="user_groups"),
    path("timeline/", user.timeline, name="user_timeline"),
    path("scim/", user.scim, name="user_scim"),
    path("access/", user.access, name="user_access"),
    path("access/end-sessions/", user.end_all_sessions, name="user_end_sessions"),
]

_a_group = [
    path("", group.group, name="group"),
    path("timeline/", group.timeline, name="group_timeline"),
    path("scim/", group.scim, name="group_scim"),
]

_guard = [
    path("", guard.guard, name="guard"),
    path("release/", guard.release_it, name="guard_release"),
    path("reject/", guard.reject_it, name="guard_reject"),
    path("watch/", guard.watch_again, name="guard_watch"),
]

_settings = [
    path("", settings.settings, name="settings"),
    path("change/", settings.change, name="settings_change"),
    path("pause/", danger.pause_all, name="pause_all"),
    path("resume/", danger.resume_all, name="resume_all"),
    path("disconnect/", danger.disconnect, name="disconnect"),
]

_managers = [
    path("", managers.managers, name="managers"),
    path("invite/", managers.create, name="manager_invite"),
    path("<uuid:manager_id>/role/", managers.role, name="manager_role"),
    path("<uuid:manager_id>/remove/", managers.end, name="manager_remove"),
    path("invitations/<uuid:invitation_id>/again/", managers.invite_again, name="invitation_again"),
    path("invitations/<uuid:invitation_id>/cancel/", managers.cancel, name="invitation_cancel"),
]

_of_a_domain: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("users/", users.users, name="users"),
    path("users/<uuid:user_id>/", include(_a_user)),
    path("groups/", groups.groups, name="groups"),
    path("groups/<uuid:group_id>/", include(_a_group)),
    path("trash/", trash.trash, name="trash"),
    path("trash/<uuid:tombstone_id>/restore/", trash.restore, name="trash_restore"),
    path("trash/<uuid:tombstone_id>/purge/", trash.purge_now, name="trash_purge"),
    path("connection/", connection.connection, name="connection"),
    path("connection/client/", clients.create, name="client_create"),
    path("connection/federation/", trusts.create, name="federation_create"),
    path("connection/<uuid:connection_id>/", include(_a_connection)),
    path("guard/", include(_guard)),
    path("log/", log.log, name="log"),
    path("log/export/", log.export, name="log_export"),
    path("log/<uuid:entry_id>/", log.entry, name="log_entry"),
    path("managers/", include(_managers)),
    path("settings/", include(_settings)),
    path("profile/", profile.account, name="profile"),
    path("profile/password/", profile.password, name="password"),
    path("profile/access-key/", include(_access_keys)),
]

urlpatterns = [
    path("", home.front, name="front"),
    re_path(rf"^d/(?P<domain>{LABEL})/", include(_of_a_domain)),
]
