"""Where everything is: the whole house's addresses."""

from django.urls import include, path

from securelogin import health, language, metrics

handler400 = "securelogin.pages.bad_request"
handler403 = "securelogin.pages.forbidden"
handler404 = "securelogin.pages.not_found"
handler500 = "securelogin.pages.server_error"

urlpatterns = [
    path("scim/", include("scim.api.urls")),
    path("", include("oauth.urls")),
    path("", include("securelogin.signin.urls")),
    path("operator/", include("securelogin.console.operators.urls")),
    path("", include("securelogin.console.urls")),
    path("language", language.choose, name="language"),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", metrics.metrics),
]
