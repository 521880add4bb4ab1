"""The command line: its words, and the options they stand for."""

import os
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import randrange

from entra.dialect import EXPLANATIONS, Chaos, Dialect, Style
from entra.directory import Size
from entra.mapping import NAMES
from entra.options import Authorize, Client, ClientCredentials, Federation, Login, Options, Placement, SecretToken
from entra.wire import FLAG

SECRETS = """secrets need not stand on the command line; each is taken from the first of these that is set:
  the option                 --token --client-secret --password
  an environment variable    ENTRA_TOKEN ENTRA_CLIENT_SECRET ENTRA_PASSWORD
  a file that it names       ENTRA_TOKEN_FILE ENTRA_CLIENT_SECRET_FILE ENTRA_PASSWORD_FILE

ways to sign in:
  Secret Token               --token
  Authorize                  --authorize --token-url --client-id --client-secret --domain --username --password
  client credentials         --token-url --client-id --client-secret [--credentials header]
  workload identity          --token-url --client-id --assertion-file; "python -m entra issuer" keeps one filled

oddities for --chaos (several with commas, or "all"):
"""


def parser() -> ArgumentParser:
    words = ArgumentParser(
        "python -m entra",
        description="Provisions made-up people and groups into a SCIM server as Microsoft Entra ID does, and reports "
        "every answer that Entra could not work with. Ends with status 1 when there is one.",
        epilog=SECRETS + "\n".join(f"  {chaos:20} {EXPLANATIONS[chaos]}" for chaos in Chaos),
        formatter_class=RawDescriptionHelpFormatter,
    )
    words.add_argument("tenant_url", metavar="TENANT_URL", help="as in Entra; may end in ?aadOptscim062020")
    _sign_in(words)
    _source(words)
    _behaviour(words)
    return words


def _sign_in(words: ArgumentParser) -> None:
    group = words.add_argument_group("signing in")
    group.add_argument("--token", help="Secret Token")
    group.add_argument("--authorize", metavar="URL", help="authorization URL")
    group.add_argument("--token-url", metavar="URL")
    group.add_argument("--client-id")
    group.add_argument("--client-secret")
    group.add_argument("--credentials", type=Placement, choices=list(Placement), default=Placement.BODY)
    group.add_argument("--scope", default="")
    group.add_argument("--domain", default="", help="for the page 'Go to domain'")
    group.add_argument("--username", default="", help="for the login page")
    group.add_argument("--password")
    group.add_argument("--redirect-uri", metavar="URI", default="https://portal.azure.com/TokenAuthorize")
    group.add_argument("--assertion-file", type=Path, metavar="FILE", help="a signed JWT, read before each use")
    group.add_argument("--always-refresh", action="store_true", help="new tokens before every phase")


def _source(words: ArgumentParser) -> None:
    group = words.add_argument_group("the source")
    group.add_argument("--users", type=_count, default=100)
    group.add_argument("--groups", type=_count, default=10)
    group.add_argument("--memberships", type=_count, help="in all groups together (default: about 20 in each)")
    group.add_argument("--no-managers", dest="managers", action="store_false", help="nobody has a line manager")
    group.add_argument("--seed", type=int, help="the same seed makes the same people (default: new ones)")


def _behaviour(words: ArgumentParser) -> None:
    group = words.add_argument_group("behaviour")
    group.add_argument("--dialect", type=Dialect, choices=list(Dialect), help="default: what the Tenant URL says")
    group.add_argument("--mapping", choices=NAMES, default="full")
    group.add_argument("--match", choices=["userName", "externalId"], default="userName")
    group.add_argument("--member-batch", type=_positive, default=1, metavar="N", help="members in one PATCH")
    group.add_argument("--concurrency", type=_positive, default=4, metavar="N", help="connections (4)")
    group.add_argument("--cycles", type=_count, default=2, metavar="N", help="incremental cycles with changes (2)")
    group.add_argument("--chaos", type=_chaos, default=frozenset(), metavar="NAMES")
    group.add_argument("--clean-up", action="store_true", help="delete everything at the end")
    group.add_argument("--json", type=Path, metavar="FILE", help="write the report as JSON too")
    group.add_argument("--quiet", action="store_true", help="no progress bars")


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _chaos(text: str) -> frozenset[Chaos]:
    return frozenset(Chaos) if text == "all" else frozenset(Chaos(name) for name in text.split(","))


def options(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> tuple[Options, Path | None]:
    """The options, and where the JSON report goes. Exits with a sentence when they do not fit together."""
    words = parser()
    given = words.parse_args(arguments)
    try:
        return _options(given, _login(given, environment)), given.json
    except (ValueError, OSError) as error:
        words.error(str(error))


def _options(given: Namespace, login: Login) -> Options:
    tenant_url, _, query = given.tenant_url.partition("?")
    dialect = given.dialect or (Dialect.SCIM if FLAG.lower() in query.lower() else Dialect.LEGACY)
    seed = randrange(10**6) if given.seed is None else given.seed
    return Options(
        tenant_url=tenant_url,
        login=login,
        size=Size(given.users, given.groups, given.memberships, given.managers, seed),
        style=Style(dialect, given.chaos),
        mapping=given.mapping,
        match=given.match,
        member_batch=given.member_batch,
        concurrency=given.concurrency,
        cycles=given.cycles,
        always_refresh=given.always_refresh,
        clean_up=given.clean_up,
        quiet=given.quiet,
    )


def _login(given: Namespace, environment: Mapping[str, str]) -> Login:
    """Raises ValueError when no way to sign in is complete."""
    client = Client(
        given.token_url or "",
        given.client_id or "",
        _secret("client_secret", given, environment),
        given.credentials,
        given.scope,
    )
    if given.authorize and client.token_url and client.client_id:
        password = _secret("password", given, environment)
        return Authorize(given.authorize, client, given.domain, given.username, password, given.redirect_uri)
    if given.assertion_file and client.token_url:
        return Federation(client, given.assertion_file)
    if client.token_url and client.client_secret:
        return ClientCredentials(client)
    if token := _secret("token", given, environment):
        return SecretToken(token)
    raise ValueError("No way to sign in is complete: see the four ways at the end of --help.")


def _secret(name: str, given: Namespace, environment: Mapping[str, str]) -> str:
    """Raises OSError when the file that is named cannot be read."""
    variable = f"ENTRA_{name.upper()}"
    value = getattr(given, name) or environment.get(variable)
    if value is None and (file := environment.get(f"{variable}_FILE")):
        return Path(file).read_text().strip()
    return value or ""
