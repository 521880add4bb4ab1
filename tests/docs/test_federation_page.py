"""docs/connect-entra.md against the code: the checks of an assertion, their limits, and what making a trust prints."""

from datetime import timedelta

from oauth import federation, keyring
from oauth.federation import SENTENCES
from securelogin.directory.models import Domain
from tests.docs.pages import rows, section
from tests.management.running import run
from tests.oauth.issuer import APPLICATION, SUBJECT, TENANT

HEADING = "## With workload identity federation"


def told() -> list[str]:
    page = section("docs/connect-entra.md", HEADING).replace("\n   |", "\n|")  # one table stands within a list
    return [cell.strip("`") for cell, _ in rows(page)]


def test_the_page_lists_the_checks_in_their_order() -> None:
    assert told()[-len(SENTENCES) :] == list(SENTENCES)


def test_the_page_names_what_the_command_prints(acme: Domain) -> None:
    identity = ("--tenant-id", TENANT, "--subject", SUBJECT, "--audience", APPLICATION)
    printed = {name.replace("_", " ") for name in run("create_federation", "acme", *identity)}
    assert len(told()) > len(SENTENCES)
    assert set(told()[: -len(SENTENCES)]) <= printed


def test_the_page_says_the_limits_of_the_code() -> None:
    page = section("docs/connect-entra.md", HEADING)
    assert f"a signed JWT of at most {federation.LONGEST:,} characters" in page
    assert timedelta(hours=30) == federation.LONGEST_LIFE
    assert "at most 30 hours" in page
    assert timedelta(minutes=1) == federation.SKEW
    assert "differ by a minute" in page
    assert (keyring.FRESH_FOR, keyring.KEPT_FOR) == (3600, 24 * 3600)
    assert "once an hour at most" in page.replace("\n", " ")
    assert "good for a day" in page.replace("\n", " ")
