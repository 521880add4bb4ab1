"""A small page that stands for Entra's portal: it presses Authorize, waits, and shows what it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

# Another site than the server's 127.0.0.1, as Entra's portal is: cookies, openers and policies are cross-site.
HOST = "localhost"

_PORTAL = """<!doctype html><html lang="en"><title>Admin Credentials</title><h1>Admin Credentials</h1>
<p><a href="{url}">Authorize</a></p>
<p><button onclick="window.child = window.open('{url}', 'authorize', 'width=600,height=700')">
Authorize in a new window</button></p>
<p>Told: <output></output></p>
<script>addEventListener("message", told => {{ document.querySelector("output").textContent = told.data }})</script>"""

_CALLBACK = """<!doctype html><html lang="en"><title>Back in the portal</title><h1>Back in the portal</h1>
<script>if (opener) {{ opener.postMessage(location.search, location.origin); close() }}</script>"""


@dataclass
class Portal:
    """Its address, and the client that it authorizes with once there is one."""

    url: str
    authorize_endpoint: str = ""
    client_id: str = ""
    secret: str = ""

    @property
    def redirect_uri(self) -> str:
        return f"{self.url}/TokenAuthorize"

    def authorize_url(self, **changes: str) -> str:
        parameters = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "response_type": "code",
            "state": "1",
        }
        return f"{self.authorize_endpoint}?{urlencode(parameters | changes)}"


@contextmanager
def open_portal() -> Iterator[Portal]:
    """Serve the portal from a thread until the tests are over."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    portal = Portal(f"http://{HOST}:{server.server_port}")
    _Pages.portal = portal
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Pages(BaseHTTPRequestHandler):
    portal: Portal

    def do_GET(self) -> None:
        page = _CALLBACK if self.path.startswith("/TokenAuthorize") else _PORTAL
        body = page.format(url=escape(self.portal.authorize_url())).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: a failing test shows its own page."""
