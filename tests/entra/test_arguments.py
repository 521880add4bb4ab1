"""The command line: four ways to sign in, secrets kept off it, and the exit status."""

import json
from pathlib import Path

import pytest

from entra.__main__ import main
from entra.arguments import options
from entra.dialect import Chaos, Dialect
from entra.options import Authorize, ClientCredentials, Federation, Login, Placement, SecretToken
from tests.entra.fake_scim import TOKEN, FakeScim, serving_scim
from tests.entra.faults import Fault

URL = "https://scim.example/scim/v2"
CLIENT = ["--token-url", "https://scim.example/token", "--client-id", "entra"]


def login(*arguments: str, **environment: str) -> Login:
    return options([URL, *arguments], environment)[0].login


def test_a_secret_token_signs_in() -> None:
    assert login("--token", "T") == SecretToken("T")


def test_secrets_may_come_from_the_environment_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from a file\n")
    assert login(ENTRA_TOKEN="from the environment") == SecretToken("from the environment")
    assert login(ENTRA_TOKEN_FILE=str(tmp_path / "token")) == SecretToken("from a file")
    assert login("--token", "given", ENTRA_TOKEN="other") == SecretToken("given")


def test_the_other_three_ways_need_a_token_endpoint(tmp_path: Path) -> None:
    people = ["--domain", "acme", "--username", "alice"]
    pressed = login("--authorize", "https://scim.example/a", *CLIENT, *people, ENTRA_PASSWORD="p")
    assert isinstance(pressed, Authorize)
    assert (pressed.password, pressed.redirect_uri) == ("p", "https://portal.azure.com/TokenAuthorize")
    typed = login(*CLIENT, "--credentials", "header", ENTRA_CLIENT_SECRET="s")
    assert isinstance(typed, ClientCredentials)
    assert typed.client.placement is Placement.HEADER
    assert isinstance(login(*CLIENT, "--assertion-file", str(tmp_path)), Federation)


@pytest.mark.parametrize(
    "arguments",
    [[], ["--authorize", "https://x"], CLIENT, ["--token", "T", "--chaos", "loud"], ["--token", "T", "--users", "-1"]],
)
def test_what_does_not_fit_together_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        login(*arguments)
    assert refused.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_a_secret_file_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        login(ENTRA_TOKEN_FILE=str(tmp_path / "none"))
    assert "none" in capsys.readouterr().err


@pytest.mark.parametrize(
    "url,arguments,dialect",
    [
        (URL, [], Dialect.LEGACY),
        (f"{URL}?aadOptscim062020", [], Dialect.SCIM),
        (f"{URL}/?aadOptscim062020=true", [], Dialect.SCIM),
        (f"{URL}?aadOptscim062020", ["--dialect", "legacy"], Dialect.LEGACY),
    ],
)
def test_the_tenant_url_chooses_the_dialect(url: str, arguments: list[str], dialect: Dialect) -> None:
    chosen = options([url, "--token", "T", *arguments], {})[0]
    assert chosen.style.dialect is dialect
    assert "?" not in chosen.tenant_url


@pytest.mark.parametrize(
    "text,chaos", [("all", set(Chaos)), ("ref-null,raw-quotes", {Chaos.REF_NULL, Chaos.RAW_QUOTES})]
)
def test_oddities_are_switched_on_by_name(text: str, chaos: set[Chaos]) -> None:
    assert options([URL, "--token", "T", "--chaos", text], {})[0].style.chaos == chaos


def test_the_help_explains_every_oddity(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options(["--help"])
    shown = capsys.readouterr().out
    assert [chaos for chaos in Chaos if chaos not in shown] == []


def test_secrets_do_not_show_in_the_options() -> None:
    chosen = options([URL, *CLIENT], {"ENTRA_CLIENT_SECRET": "hush", "ENTRA_TOKEN": "hush"})
    assert "hush" not in repr(chosen)


@pytest.mark.parametrize("faults,status", [((), 0), ((Fault.NO_LOCATION,), 1)])
def test_the_exit_status_tells_whether_all_was_well(
    faults: tuple[Fault, ...], status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "report.json"
    with serving_scim(FakeScim(*faults)) as tenant_url:
        small = ["--users", "3", "--groups", "1", "--cycles", "0", "--quiet", "--json", str(file)]
        assert main([tenant_url, "--token", TOKEN, *small]) == status
    assert json.loads(file.read_text())["passed"] is (status == 0)
    assert "Initial cycle" in capsys.readouterr().out


def test_options_that_contradict_each_other_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([URL, "--token", "T", "--mapping", "logicgate", "--match", "externalId"]) == 2
    assert "to match by" in capsys.readouterr().err


def test_progress_is_shown_unless_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    with serving_scim(FakeScim()) as tenant_url:
        main([tenant_url, "--token", TOKEN, "--users", "3", "--groups", "1", "--cycles", "0"])
    assert "Users: 100%" in capsys.readouterr().err
