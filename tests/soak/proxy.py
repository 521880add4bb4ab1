"""A TCP proxy between the application and its database that can stall: connections stay open, and nothing passes."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Proxy:
    """Passes on what arrives at `port` while it flows."""

    port: int
    flowing: threading.Event = field(default_factory=threading.Event)
    links: list[socket.socket] = field(default_factory=list)

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Keep everything that is sent, in both directions, until this ends."""
        self.flowing.clear()
        try:
            yield
        finally:
            self.flowing.set()

    def _accept(self, listener: socket.socket, target: int) -> None:
        while True:
            try:
                near = listener.accept()[0]
            except OSError:
                return  # closed: the test is over
            try:
                far = socket.create_connection(("127.0.0.1", target))
            except OSError:
                near.close()
                continue
            self.links.extend((near, far))
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self.flowing.wait()
                sink.sendall(data)
            self.flowing.wait()
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxy_to(target: int) -> Iterator[Proxy]:
    """Give a proxy to a port of this machine."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        made = Proxy(listener.getsockname()[1])
        made.flowing.set()
        threading.Thread(target=made._accept, args=(listener, target), daemon=True).start()
        yield made
        made.flowing.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)  # closing alone would leave the accept waiting
    for link in made.links:
        link.close()
