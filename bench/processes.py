"""A server's processes: started, waited for, stopped by their ids, and what /proc says that they cost."""

import os
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Process:
    """A running server and everything it forked."""

    port: int
    root: "subprocess.Popen[bytes]"

    def family(self) -> list[int]:
        """Return the ids of the process and of all its descendants."""
        children: dict[int, list[int]] = {}
        for pid, parent in _parents():
            children.setdefault(parent, []).append(pid)
        found = [self.root.pid]
        for pid in found:
            found.extend(children.get(pid, ()))
        return found

    def largest_resident(self) -> float:
        """Return the memory of the largest process of the family, in MB."""
        return max((_resident(pid) for pid in self.family()), default=0) / 1024

    def stop(self) -> None:
        self.root.terminate()
        try:
            self.root.wait(20)
        except subprocess.TimeoutExpired:
            self.root.kill()
            self.root.wait()


def start(command: Sequence[str], port: int, environment: Mapping[str, str], folder: Path, log: Path) -> Process:
    """Start a server and wait until its port answers. Raises RuntimeError with the end of its log when it does not."""
    with log.open("wb") as output:
        root = subprocess.Popen(  # noqa: S603  # the commands are ours
            list(command), cwd=folder, env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT
        )
    process = Process(port, root)
    deadline = time.monotonic() + PATIENCE
    while not _listens(port):
        if root.poll() is not None or time.monotonic() > deadline:
            process.stop()
            raise RuntimeError(f"{command[0]} does not listen: {log.read_text(errors='replace')[-1500:]}")
        time.sleep(0.1)
    return process


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the processor time of these processes so far: of each thread to the nanosecond. /proc/<pid>/stat counts
    hundredths of a second, which are many microseconds a request.
    """
    return sum(_nanoseconds(task) for pid in pids for task in (PROC / str(pid)).glob("task/*/schedstat")) / 1e9


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _parents() -> Iterator[tuple[int, int]]:
    for entry in PROC.iterdir():
        if entry.name.isdecimal() and (fields := _stat(int(entry.name))):
            yield int(entry.name), int(fields[1])


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/<pid>/stat behind the name; none where the process is gone."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _nanoseconds(schedstat: Path) -> int:
    try:
        return int(schedstat.read_text().split()[0])
    except OSError:  # a thread that has ended
        return 0


def _resident(pid: int) -> int:
    try:
        status = (PROC / str(pid) / "status").read_text()
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmRSS")), "VmRSS: 0 kB")
    return int(line.split()[1])
