"""Who is in the installation: acme with several hundred people of many scripts, and umbra, the neighbour."""

from itertools import islice, product
from typing import Any

import requests

from tests.browser.installation import Installation

PASSWORD = "correct horse battery"
OWNER = "alice@acme.example"
AUDITOR = "otto@acme.example"
CLERK = "zoe@acme.example"  # has a password, manages nothing
NEIGHBOUR = "mallory@umbra.example"
PEOPLE, GROUPS = 312, 62

# By the user name that each gets, as user names sort; the display names are what the pages must bear.
GIVEN = {
    "aiko": "愛子", "bjorn": "Bjørn", "chloe": "Chloé", "dmitri": "Дмитрий", "eirini": "Ειρήνη", "fatima": "فاطمة",
    "gwen": "Gwen", "hanne": "Hanne", "ines": "Inês", "jasper": "Jasper", "kofi": "Kofi", "leila": "Leïla",
    "maria": "María-José", "noam": "נועם", "olga": "Ольга", "priya": "प्रिया", "quinn": "Quinn", "rosa": "Rosa",
}  # fmt: skip
FAMILY = {
    "adeyemi": "Adéyẹmí", "bakker": "Bakker", "devries": "de Vries", "garcia": "García Fernández", "haddad": "حداد",
    "ivanova": "Иванова", "jansen": "Jansen", "kowalski": "Kowalski", "levi": "לוי", "muller": "Müller",
    "nguyen": "Nguyễn", "oconnor": "O’Connor", "papadopoulou": "Παπαδοπούλου", "sato": "佐藤", "sharma": "शर्मा",
    "thorsdottir": "Þórsdóttir", "vandenberg": "van den Berg", "zuniga": "Zúñiga",
}  # fmt: skip
TEAMS = ("Sales", "Finance", "Support", "Onderzoek & ontwikkeling", "法務部", "Фабрика", "المبيعات", "Entrepôt nº 4")
PLACES = ("Amsterdam", "Āgra", "Berlin", "København", "Lisboa", "大阪", "São Paulo", "Warszawa")


def move_in(here: Installation) -> None:
    """Make both domains and everybody in them: managers by the operator's commands, the others as Entra would."""
    here.facts("create_domain", "acme", "--display-name", "Acme")
    here.facts("create_manager", "acme", OWNER, "--password-stdin", typed=PASSWORD)
    here.facts("create_manager", "acme", AUDITOR, "--role", "auditor", "--password-stdin", typed=PASSWORD)
    here.facts("create_domain", "umbra", "--display-name", "Umbra")
    here.facts("create_manager", "umbra", NEIGHBOUR, "--password-stdin", typed=PASSWORD)
    _provision(here, here.facts("create_token", "acme")["token"])
    here.change(f"give_password('acme', {CLERK!r}, {PASSWORD!r})")


def _provision(here: Installation, token: str) -> None:
    with requests.Session() as entra:
        entra.headers["Authorization"] = f"Bearer {token}"
        _create(entra, f"{here.url}/scim/v2/Users", {"userName": CLERK, "displayName": "Zoë Clerk"})
        ids = [_create(entra, f"{here.url}/scim/v2/Users", person) for person in _people(PEOPLE - 3)]
        for number, name in enumerate(islice(product(PLACES, TEAMS), GROUPS)):
            members = [{"value": each} for each in ids[number :: number + 7]]
            group = {"displayName": " · ".join(name), "members": members}
            _create(entra, f"{here.url}/scim/v2/Groups", group)


def _create(entra: requests.Session, url: str, resource: dict[str, Any]) -> str:
    kind = url.rpartition("/")[2].removesuffix("s")
    answer = entra.post(url, json={"schemas": [f"urn:ietf:params:scim:schemas:core:2.0:{kind}"], **resource}, timeout=10)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _people(count: int) -> list[dict[str, Any]]:
    names = islice(product(GIVEN, FAMILY), count)
    return [
        {
            "userName": f"{given}.{family}@acme.example",
            "displayName": f"{GIVEN[given]} {FAMILY[family]}",
            "active": number % 11 != 4,
        }
        for number, (given, family) in enumerate(names)
    ]
