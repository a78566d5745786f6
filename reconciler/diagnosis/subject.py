"""What the checks are handed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.diagnosis.probing import Probe
from reconciler.flowservice.client import SpecReader
from reconciler.observing.workspace import Workspace
from reconciler.settings.values import Credentials, Target


@dataclass(frozen=True, slots=True)
class Subject:
    """One target: how it is asked, with which credentials, and the spec files that are applied to it.

    `workspace` is None where the spec files cannot be read.
    """

    target: Target
    credentials: Credentials
    probe: Probe
    reader: SpecReader
    workspace: Workspace | None
    environ: Mapping[str, str] = field(repr=False)
    kept: dict[str, object] = field(default_factory=dict, repr=False)
    """What one check read and another needs."""

    @property
    def is_emulated(self) -> bool:
        return self.target.emulator is not None
