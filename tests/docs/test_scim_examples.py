"""The examples in docs/scim.md, played in order: what is printed is sent, and what comes must be what is printed."""

import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client

from securelogin.directory.models import Domain
from tests.credentials import make_key

PAGE = Path(__file__).parents[2] / "docs" / "scim.md"
BLOCK = re.compile(r"```http\n(.*?)```", re.DOTALL)
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.]+Z")


@dataclass(frozen=True)
class Message:
    """One block of the page: its first line, its headers and its body."""

    first: str
    headers: dict[str, str]
    body: str


def read(block: str) -> Message:
    head, _, body = block.partition("\n\n")
    first, *lines = head.strip().split("\n")
    return Message(first, dict(line.split(": ", 1) for line in lines), body.strip())


def examples() -> list[tuple[Message, Message]]:
    messages = [read(block) for block in BLOCK.findall(PAGE.read_text())]
    return list(zip(messages[::2], messages[1::2], strict=True))


class Reader:
    """Sends what the page prints. The ids on the page stand for those that the server really gave."""

    def __init__(self, token: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {token}"})
        self.real: dict[str, str] = {}

    def send(self, request: Message) -> Any:
        method, path = request.first.split(" ")
        for printed, given in self.real.items():
            path = path.replace(printed, given)
        media_type = request.headers.get("Content-Type", "")
        return self.client.generic(method, path, request.body.encode(), content_type=media_type)

    def printed(self, text: str) -> str:
        """Return an answer as the page would print it."""
        text = text.replace(settings.PUBLIC_URL, "https://login.example.com")
        for printed, given in self.real.items():
            text = text.replace(given, printed)
        return MOMENT.sub("2026-11-22T09:12:00.123Z", text)

    def learn(self, printed: str, answer: str) -> None:
        if "id" in (shown := json.loads(printed)):
            self.real.setdefault(shown["id"], json.loads(answer)["id"])


def test_every_printed_request_is_answered_as_printed(acme: Domain) -> None:
    _, token = make_key(acme)
    reader = Reader(token)
    assert len(examples()) >= 6
    for request, expected in examples():
        answer = reader.send(request)
        assert expected.first == f"HTTP/1.1 {answer.status_code} {HTTPStatus(answer.status_code).phrase}", request
        if expected.body:
            reader.learn(expected.body, answer.content.decode())
            assert json.loads(reader.printed(answer.content.decode())) == json.loads(expected.body)
        for name, value in expected.headers.items():
            assert reader.printed(answer[name]) == value
