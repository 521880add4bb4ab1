"""Authorization server metadata (RFC 8414): exactly what is there, under the one public address."""

from django.test import Client


def test_the_metadata_names_our_endpoints_and_nothing_we_lack(db: None) -> None:
    document = Client().get("/.well-known/oauth-authorization-server").json()
    assert document["issuer"] == "http://127.0.0.1:8000"
    assert document["authorization_endpoint"] == "http://127.0.0.1:8000/oauth/authorize"
    assert document["token_endpoint"] == "http://127.0.0.1:8000/oauth/token"
    assert document["revocation_endpoint"] == "http://127.0.0.1:8000/oauth/revoke"
    assert document["grant_types_supported"] == ["authorization_code", "refresh_token", "client_credentials"]
    assert document["response_types_supported"] == ["code"]
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert set(document["token_endpoint_auth_methods_supported"]) == {"client_secret_basic", "client_secret_post"}
    assert document["scopes_supported"] == ["scim", "scim:read"]
    assert document["authorization_response_iss_parameter_supported"] is True
    assert not {"introspection_endpoint", "registration_endpoint", "jwks_uri"} & document.keys()


def test_what_we_do_not_offer_is_not_mounted(db: None) -> None:
    absent = ["applications/", "introspect/", "register/", "device-authorization/", "authorized_tokens/"]
    for path in [f"/oauth/{name}" for name in absent] + ["/.well-known/openid-configuration"]:
        response = Client().get(path)
        assert response.status_code == 404
        assert "There is no page at this address." in response.content.decode()
