"""How a run ended, as it is kept and as it is reported.

Source: docs, "Flow Service error messages" and "Monitor dataflows": the codes of failed runs, and `failedInfo` with code 2200.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from reconciler.emulator.shown_runs import COPY_FAILED

COPY: Final = COPY_FAILED
"""Copying from the source failed."""
PROCESS: Final = "CONNECTOR-2001-500"
"""Reading, validating or mapping what was copied failed."""
BATCH: Final = "CONNECTOR-3001-500"
"""The batch could not be created."""
_INFO: Final = "2200"
_SENTENCES: Final[Mapping[str, str]] = {
    COPY: "Encountered an error while copying data from the source.",
    PROCESS: "Encountered an error while processing the data that was copied from the source.",
    BATCH: "Encountered an error while creating the batch.",
}
_MOST_TEXT: Final = 1000

Outcome = Literal["success", "partial_success", "failed"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a run failed: one of the codes, and the reason."""

    code: str
    reason: str

    @property
    def message(self) -> str:
        return f"{_SENTENCES[self.code]} {self.reason[:_MOST_TEXT]}"

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message}

    @property
    def info(self) -> list[dict[str, Any]]:
        """`failedInfo`: the engine's own words for an error of the third party."""
        return [{"code": _INFO, "message": self.reason[:_MOST_TEXT]}] if self.code == COPY else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run did. `input` counts the records that were copied, `output` the rows that are written, `failed` those that are not."""

    outcome: Outcome
    input: int = 0
    output: int = 0
    failed: int = 0
    size: int = 0
    requests: int = 0
    batch: str | None = None
    failure: Failure | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the run."""
        return {
            "outcome": self.outcome,
            "input": self.input,
            "output": self.output,
            "failed": self.failed,
            "size": self.size,
            "requests": self.requests,
            "batch": self.batch,
            "errors": [self.failure.as_json()] if self.failure else [],
            "info": self.failure.info if self.failure else [],
        }
