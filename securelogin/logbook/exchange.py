"""Exchange: one request and what is known of it so far, from the first byte to its line in the logbook."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID


@dataclass(slots=True)
class Exchange:
    """Filled in along the way of a request: who calls (the authentication), what about (the directory), how it ended
    (the boundary).
    """

    id: UUID
    method: str
    path: str
    query: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    started: float = field(default_factory=time.perf_counter)
    domain_id: UUID | None = None
    connection_id: UUID | None = None
    actor_label: str = ""
    status: int = 200
    error_id: str = ""
    detail: str = ""
    warnings: list[str] = field(default_factory=list)
    subject_type: str = ""
    subject_id: UUID | None = None
    subject_label: str = ""
    changed: bool = False
    outcome: str = "managed"  # what it did, if it changed something; the directory says it more closely
    request: Any = None  # the body of a write: as JSON, or the bytes that were none
    checks: list[dict[str, Any]] = field(default_factory=list)  # how an assertion was judged
    written: bool = False  # its line was committed together with the change it describes

    def warn(self, sentence: str) -> None:
        """Keep a sentence about something that was accepted but not as sent; a request has at most twenty."""
        if len(self.warnings) < 20 and sentence not in self.warnings:
            self.warnings.append(sentence)

    def about(self, subject_type: str, subject_id: UUID | str, label: str) -> None:
        self.subject_type, self.subject_id, self.subject_label = subject_type, UUID(str(subject_id)), label

    def seconds(self) -> float:
        return time.perf_counter() - self.started

    def milliseconds(self) -> int:
        return round(self.seconds() * 1000)
