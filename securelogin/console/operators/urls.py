"""The operators' addresses."""

from django.urls import include, path

from securelogin.console.operators import applications, domains, endings, health, log

app_name = "operator"

_a_domain = [
    path("", domains.detail, name="domain"),
    path("owner/", domains.owner, name="domain_owner"),
    path("suspend/", domains.suspension, name="domain_suspend"),
    path("resume/", domains.resumption, name="domain_resume"),
    path("rename/", endings.renaming, name="domain_rename"),
    path("delete/", endings.deletion, name="domain_delete"),
    path("keep/", endings.rescue, name="domain_keep"),
]

_an_application = [
    path("", applications.detail, name="application"),
    path("switch/", applications.switch, name="application_switch"),
    path("secrets/add/", applications.add, name="secret_add"),
    path("secrets/<uuid:secret_id>/end/", applications.end, name="secret_end"),
]

urlpatterns = [
    path("", domains.domains, name="domains"),
    path("domains/new/", domains.create, name="domain_create"),
    path("domains/<uuid:domain_id>/", include(_a_domain)),
    path("applications/", applications.applications, name="applications"),
    path("applications/<int:application_id>/", include(_an_application)),
    path("log/", log.done, name="log"),
    path("log/refused/", log.refused, name="log_refused"),
    path("health/", health.health, name="health"),
    path("password/", health.password, name="password"),
]
