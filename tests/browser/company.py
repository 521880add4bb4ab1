"""Who is in the installation: acme with several hundred people of many scripts, and umbra, the neighbour."""

from itertools import islice, product
from string import ascii_lowercase
from typing import Any

import requests

from tests.installation import Installation

PASSWORD = "correct horse battery"
OWNER = "alice@acme.example"
AUDITOR = "otto@acme.example"
CLERK = "zoe@acme.example"  # has a password, manages nothing
NEIGHBOUR = "mallory@umbra.example"
PEOPLE, GROUPS = 312, 62

# Who has which names in her own script; user names are an initial and the first word, and the pages sort by them.
FAMILIES = {
    "adeyemi": "Amara Tunde Fẹ́mi Adéyẹmí", "bakker": "Anna Bram Sanne Bakker", "devries": "Joost Fleur Daan de Vries",
    "garcia": "María-José Íñigo Lucía García", "haddad": "فاطمة يوسف ليلى حداد", "ivanova": "Ольга Анна Дарья Иванова",
    "jansen": "Loïs Renée Jasper Jansen", "kowalski": "Łukasz Jadwiga Paweł Kowalski", "levi": "נועם תמר איתן לוי",
    "muller": "Jürgen Käthe Uwe Müller", "nguyen": "Thảo Minh Đức Nguyễn", "oconnor": "Aoife Seán Niamh O'Connor",
    "papadopoulou": "Ειρήνη Ελένη Ζωή Παπαδοπούλου", "sato": "愛子 健 陽菜 佐藤", "sharma": "प्रिया अर्जुन मीरा शर्मा",
    "thorsdottir": "Björk Æsa Guðrún Þórsdóttir", "vandenberg": "Hanne Pieter Noor van den Berg",
    "zuniga": "Inês João Zoé Zúñiga",
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
    _provision(here, here.facts("create_key", "acme")["access_key"])
    behind_the_pages(here, f"give_password('acme', {CLERK!r}, {PASSWORD!r})")


def behind_the_pages(here: Installation, call: str) -> None:
    """Run a function of backstage.py inside the installation, for what no page and no command does."""
    here.manage("shell", "--no-imports", "-c", f"from tests.browser import backstage; backstage.{call}")


def _provision(here: Installation, token: str) -> None:
    with requests.Session() as entra:
        entra.headers["Authorization"] = f"Bearer {token}"
        _create(entra, f"{here.url}/scim/v2/Users", {"userName": CLERK, "displayName": "Zoë Clerk"})
        ids = [_create(entra, f"{here.url}/scim/v2/Users", person) for person in _people(PEOPLE - 3)]
        for number, name in enumerate(islice(product(PLACES, TEAMS), GROUPS)):
            members = [{"value": each} for each in ids[number % 7 :: number % 9 + 4]]
            group = {"displayName": " · ".join(name), "members": members}
            _create(entra, f"{here.url}/scim/v2/Groups", group)


def _create(entra: requests.Session, url: str, resource: dict[str, Any]) -> str:
    kind = url.rpartition("/")[2].removesuffix("s")
    answer = entra.post(
        url, json={"schemas": [f"urn:ietf:params:scim:schemas:core:2.0:{kind}"], **resource}, timeout=10
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _people(count: int) -> list[dict[str, Any]]:
    everybody = islice(product(ascii_lowercase, FAMILIES), count)
    return [
        {
            "userName": f"{initial}.{family}@acme.example",
            "displayName": _display_name(FAMILIES[family], number // len(FAMILIES)),
            "active": number % 11 != 4,
        }
        for number, (initial, family) in enumerate(everybody)
    ]


def _display_name(family: str, turn: int) -> str:
    *given, name = family.split(" ", 3)
    return f"{given[turn % len(given)]} {name}"
