"""The ways that need no browser, on a running installation: the stand-in syncs with client credentials, sent each way
that Entra can send them, and with an access key.
"""

from collections.abc import Iterator

import pytest

from entra import Client, Dialect, Options, Placement, Report, Size, Style, run
from entra.options import ClientCredentials, Login, SecretToken
from tests.installation import Installation, running


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, template: str) -> Iterator[Installation]:
    with running(tmp_path_factory.mktemp("live"), template) as installation:
        yield installation


def sync(here: Installation, login: Login) -> Report:
    return run(
        Options(
            tenant_url=f"{here.url}/scim/v2",
            login=login,
            size=Size(20, 3, 40, managers=True, seed=11),
            style=Style(Dialect.LEGACY, frozenset()),
            always_refresh=True,
            quiet=True,
        )
    )


@pytest.mark.parametrize(
    "placement, scope", [(Placement.HEADER, ""), (Placement.BODY, "scim"), (Placement.BOTH, "scim")]
)
def test_client_credentials_sync(here: Installation, placement: Placement, scope: str) -> None:
    domain = f"acme-{placement.value}"
    here.facts("create_domain", domain)
    made = here.facts("create_client_connection", domain)
    client = Client(made["token_url"], made["client_id"], made["client_secret"], placement, scope)
    report = sync(here, ClientCredentials(client))
    assert report.deviations == [], report.text()
    assert report.writes("Initial cycle") > 20
    assert report.writes("Unchanged cycle") == 0


def test_an_access_key_syncs(here: Installation) -> None:
    report = sync(here, SecretToken(here.facts("create_key", "keyed", "--create-domain")["access_key"]))
    assert report.deviations == [], report.text()
    assert report.writes("Unchanged cycle") == 0
