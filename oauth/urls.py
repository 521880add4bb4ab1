"""Authorization's addresses. Only these: the toolkit's own urls would mount flows that we do not offer.

Its namespace is kept, because its metadata view (RFC 8414) lists the endpoints that it finds there.
"""

from django.urls import path
from oauth2_provider.views import OAuthServerMetadataView

from oauth import views

app_name = "oauth2_provider"
# With and without a slash: a redirect from one to the other would lose the body of a POST.
urlpatterns = [
    path("oauth/authorize", views.AuthorizeView.as_view(), name="authorize"),
    path("oauth/authorize/", views.AuthorizeView.as_view()),
    path("oauth/token", views.TokenView.as_view(), name="token"),
    path("oauth/token/", views.TokenView.as_view()),
    path("oauth/revoke", views.RevokeView.as_view(), name="revoke-token"),
    path("oauth/revoke/", views.RevokeView.as_view()),
    path(".well-known/oauth-authorization-server", OAuthServerMetadataView.as_view(), name="oauth-server-metadata"),
]
