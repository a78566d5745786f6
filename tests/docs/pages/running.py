"""A scene, command by command, and what differs from the page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from reconciler.emulator import build
from reconciler.emulator.http.server import serving
from tests.docs.console import Console, Step, steps
from tests.docs.pages.commands import invoked
from tests.docs.pages.files import merge
from tests.docs.pages.matching import Matcher
from tests.docs.pages.preparations import PREPARED
from tests.docs.pages.reading import STARTS, Part, Scene
from tests.docs.pages.served import Servers, serves

SERVED: Final = "served"
_KEPT_BY_A_SHELL: Final = ("cd ", "export ", "read ")


def differences(scene: Scene, folder: Path, applied: Path) -> Iterator[str]:
    """Each command that does not print what its page shows. `applied` is the example repository, applied to its target."""
    with ExitStack() as stack:
        console = _begun(scene.start, folder / "aep-sources", applied)
        servers = Servers()
        stack.callback(servers.stop)
        matcher = Matcher()
        for part in scene.parts:
            for word in part.prepared:
                if word == SERVED:
                    console.variables.update(stack.enter_context(_sandboxes()))
                elif word not in STARTS:
                    PREPARED[word](console)
            if part.block.language == "yaml":
                merge(console.folder, part.block)
            else:
                yield from _taken(part, console, matcher, servers)


@contextmanager
def _sandboxes() -> Iterator[dict[str, str]]:
    """What points the targets dev, stage and prod at a service on this machine."""
    with build(":memory:") as emulator, serving(emulator.app) as url:
        variables = {"RECONCILER_CLIENT_ID": "our-client", "RECONCILER_CLIENT_SECRET": "p8e-very-secret"}
        for target in ("DEV", "STAGE", "PROD"):
            variables[f"RECONCILER_{target}_BASE_URL"] = f"{url}/data/foundation/flowservice"
            variables[f"RECONCILER_{target}_TOKEN_URL"] = f"{url}/ims/token/v3"
        yield variables


def _begun(start: str, folder: Path, applied: Path) -> Console:
    if start == "applied":
        shutil.copytree(applied, folder)
        return Console(folder)
    if start == "example":
        return Console.begun(folder)
    folder.mkdir(parents=True)
    console = Console(folder)
    console.run("git init -q -b main")
    return console


def _taken(part: Part, console: Console, matcher: Matcher, servers: Servers) -> Iterator[str]:
    where = f"{part.page}:{part.line}"
    if any(step.command.startswith(_KEPT_BY_A_SHELL) for step in steps(part.block)):
        for step, printed in console.take(part.block):
            yield from _compared(where, part, step, printed, matcher)
        return
    for step in steps(part.block):
        command = matcher.said(step.command)
        if serves(command):
            matcher.begin_server()
            printed = servers.start(command, console, lambda text, shown=step.shown: matcher.fits(shown, text))  # type: ignore[misc]
        else:
            printed = _printed(command, console, checked=part.block.language == "sh")
        yield from _compared(where, part, step, printed, matcher)


def _printed(command: str, console: Console, *, checked: bool) -> str:
    if checked:
        return console.run(f"{{ {command}\n}} >.git/printed 2>&1 || {{ cat .git/printed; echo failed; }}")
    printed = invoked(command, console.folder, console.environ)
    return console.run(command) if printed is None else printed


def _compared(where: str, part: Part, step: Step, printed: str, matcher: Matcher) -> Iterator[str]:
    shown = () if part.block.language == "sh" else step.shown
    if not matcher.fits(shown, printed):
        yield f"{where}: $ {step.command}\n{printed}"
