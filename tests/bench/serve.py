"""The emulator in a process of its own: `python -m tests.bench.serve DB [SANDBOX…]` prints its address and serves until SIGTERM."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reconciler.emulator import Behaviour, build
from reconciler.emulator.http.server import serve


def main(db: Path, sandboxes: Sequence[str]) -> None:
    """Serve this database on a free port of the loopback, with these sandboxes besides the usual ones."""
    usual = Behaviour()
    with build(db, replace(usual, sandboxes=(*usual.sandboxes, *sandboxes))) as emulator:
        serve("127.0.0.1", 0, emulator.app, _say_where)


def _say_where(port: int) -> None:
    sys.stdout.write(f"http://127.0.0.1:{port}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
