"""Whatever is sent, the answer is SCIM, is no failure of ours, tells no secrets, and touches no neighbour."""

import os
import time

import pytest

from securelogin.directory.models import User
from tests.scim.conftest import Scim
from tests.soak.fuzzing import Shot, shots

SEED = int(os.environ.get("FUZZ_SEED", "20261122"))
LONGEST = 5.0  # seconds, of what should take milliseconds: no input makes the server think
# What a client must never read: words of drivers, of frameworks and of our tables.
INSIDE = (b"psycopg", b"sqlite", b"Traceback", b"django", b"directory_", b"SELECT ", b"duplicate key", b"Error(")


def shoot(scim: Scim, shot: Shot, ids: list[str]) -> None:
    path, _, query = shot.path.partition("?")
    began = time.monotonic()
    answer = scim.client.generic(
        shot.method,
        f"/scim/v2{path}",
        shot.body,
        content_type=shot.content_type,
        headers=shot.headers,
        QUERY_STRING=query.encode().decode("iso-8859-1"),  # as a server hands bytes on (PEP 3333)
    )
    said = answer.content
    assert time.monotonic() - began < LONGEST, shot
    assert answer.status_code < 500 or answer.status_code == 501, (shot, said)
    assert answer["Content-Type"] == "application/scim+json", (shot, said)
    leaked = [word for word in INSIDE if word in said and word not in shot.body and word.decode() not in shot.path]
    assert not leaked, (shot, said)
    if answer.status_code == 201:
        ids.append(answer.json()["id"])
    if answer.status_code >= 400 and shot.method != "HEAD":
        assert answer.json()["status"] == str(answer.status_code), (shot, said)


def bombard(scim: Scim, neighbour: Scim, seed: int, count: int) -> None:
    canary = neighbour.user("canary@umbra.example", displayName="Canary")
    before = User.objects.filter(id=canary).values().get()
    people = [scim.user(f"p{number}@acme.example") for number in range(5)]
    ids = [*people, scim.group("Team", *people), canary]
    for shot in shots(seed, count, ids):
        shoot(scim, shot, ids)
    assert User.objects.filter(id=canary).values().get() == before


def test_a_slice_of_the_fuzz(scim: Scim, neighbour: Scim) -> None:
    bombard(scim, neighbour, SEED, 1_500)


@pytest.mark.soak
def test_the_fuzz(scim: Scim, neighbour: Scim) -> None:
    count = int(os.environ.get("FUZZ_REQUESTS", "200000"))
    bombard(scim, neighbour, SEED + 1, count)
