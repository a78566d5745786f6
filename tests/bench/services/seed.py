"""Put live what an apply of a specs folder would have left there: `python -m tests.bench.services.seed SPECS DB COMMIT [SANDBOX…]`."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import WorkingTree
from reconciler.emulator import build
from reconciler.emulator.model import CONNECTION_SPECS, Author
from reconciler.planning.comparing.difference import section_digests
from reconciler.planning.comparing.ownership import Marker, with_marker
from tests.bench.generate import FULL_SANDBOX, ORG, REPOSITORY, TARGET

REST_STORAGE_TO_AEP = "6499120c-0b15-42dc-936e-847ea3c24d72"
_OURS = Author("bench@techacct.adobe.com", "bench")


def seed(specs: Path, db: Path, commit: str, sandboxes: Sequence[str] = (FULL_SANDBOX,)) -> int:
    """In each sandbox, each spec of the folder with its marker, and all of them attached; how many they are in one."""
    desired = load_desired(WorkingTree(specs), TARGET).specs
    with build(db) as emulator:
        for sandbox in sandboxes:
            ids = emulator.store.seed(CONNECTION_SPECS, (_live(spec, commit, sandbox) for spec in desired), ORG, sandbox)

            def attached(live: dict[str, Any], ids: Sequence[str] = ids) -> dict[str, Any]:
                return live | {"sourceConnectionSpecIds": [*live["sourceConnectionSpecIds"], *ids]}

            emulator.service.edit(REST_STORAGE_TO_AEP, attached, _OURS, ORG, sandbox)
    return len(desired)


def _live(spec: DesiredSpec, commit: str, sandbox: str) -> dict[str, Any]:
    marker = Marker(REPOSITORY, sandbox, spec.key, commit, section_digests(spec))
    return {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, spec.key)), **with_marker(spec.body, marker)}


if __name__ == "__main__":
    seed(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4:] or (FULL_SANDBOX,))
