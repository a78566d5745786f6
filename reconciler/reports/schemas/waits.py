"""What waits at a gate, in reports of one target and of several."""

from __future__ import annotations

from typing import Final

from reconciler.planning.gate import GateName
from reconciler.reports.schemas.nodes import number, one_of, record
from reconciler.schemas.nodes import or_null, text

WAIT: Final = record(
    "One reason to wait.",
    {
        "on": text("The target that it is about."),
        "gate": one_of("What the gate asks for.", GateName),
        "message": text("What is missing."),
        "hint": or_null(text("What to do about it; null if there is nothing to do but wait.")),
        "since": or_null(text("When the soak began, in ISO 8601; null for other gates.")),
        "until": or_null(text("When it ends.")),
        "left": number("Seconds until it ends, when the plan was made; absent for other gates."),
    },
    optional=("left",),
)
