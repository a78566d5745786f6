"""The emulator in a process of its own: `python -m tests.bench.services.serve DB [--after SECONDS] [SANDBOX…]`.

It prints its address and serves until SIGTERM. `--after` is how long each answer is under way, as from a service that is far away.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from reconciler.emulator import Behaviour, build
from reconciler.emulator.http.server import serve


def main(db: Path, sandboxes: Sequence[str], after: float = 0.0) -> None:
    """Serve this database on a free port of the loopback, with these sandboxes besides the usual ones."""
    usual = Behaviour()
    with build(db, replace(usual, sandboxes=(*usual.sandboxes, *sandboxes))) as emulator:
        serve("127.0.0.1", 0, _far_away(emulator.app, after) if after else emulator.app, _say_where)


def _far_away(app: ASGIApp, seconds: float) -> ASGIApp:
    """The app, where each request takes this much longer."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(seconds)
        await app(scope, receive, send)

    return answer


def _say_where(port: int) -> None:
    sys.stdout.write(f"http://127.0.0.1:{port}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("db", type=Path)
    parser.add_argument("sandboxes", nargs="*")
    parser.add_argument("--after", type=float, default=0.0)
    given = parser.parse_args()
    main(given.db, given.sandboxes, given.after)
