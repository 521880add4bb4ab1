"""A mail server that keeps what it is given, for mails that a person has to open."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from socketserver import StreamRequestHandler, ThreadingTCPServer

PATIENCE = 10  # seconds


class Mailbox(ThreadingTCPServer):
    """Speaks as much SMTP (RFC 5321) as Python's client needs."""

    daemon_threads = True
    kept: list[EmailMessage]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}?tls=none"

    def newest_to(self, address: str) -> EmailMessage:
        """Wait for a mail to this address."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for message in reversed(self.kept):
                if message["To"] == address:
                    return message
            time.sleep(0.05)
        raise AssertionError(f"no mail to {address} came")


class _Postman(StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        self._say("220 mailbox")
        while line := self.rfile.readline().strip().upper():
            if line == b"DATA":
                self._say("354 go on")
                self.server.kept.append(message_from_bytes(self._text(), policy=policy.default))  # type: ignore[arg-type]  # with this policy it is an EmailMessage
            self._say("221 goodbye" if line == b"QUIT" else "250 fine")

    def _text(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()).rstrip() != b".":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    """Serve from a thread until the tests are over."""
    with Mailbox(("127.0.0.1", 0), _Postman) as mailbox:
        mailbox.kept = []
        threading.Thread(target=mailbox.serve_forever, daemon=True).start()
        yield mailbox
        mailbox.shutdown()


def link_in(message: EmailMessage) -> str:
    """Return the one link of a mail."""
    (found,) = re.findall(r"^(http\S+)\r?$", message.get_content(), re.MULTILINE)
    return str(found)
