"""Many small files, some of which have mistakes, and workers that fail."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.desired.files import Form, form_of
from reconciler.desired.layers import Layers
from reconciler.desired.spec_file import View
from reconciler.desired.tree import Unreadable
from tests.desired.trees import ARTIFACT, FLOW, ONE_ID, SOURCE, MemoryTree

NAMES = ("eu", "us")
ODD: Final = {
    "sources/no-yaml.yaml": "kind: [",
    "sources/wrong.yaml": SOURCE + "surplus: 1\n",
    "sources/lacking.yaml": SOURCE + "  description: {var: gone}\n",
    "sources/varied.yaml": SOURCE + "  description: {var: host}\n  attributes: {most: {var: large}}\n",
    "sources/named.yaml": SOURCE + "overlays: {ue: {description: x}}\n",
    "sources/overlaid.yaml": SOURCE + "overlays: {us: {description: American}}\n",
    "sources/pinned.yaml": SOURCE + f"ids: {{us: {ONE_ID}}}\n",
    "sources/theirs.yaml": f"only: [us]\n{SOURCE}",
    "sources/by\udcfftes.yaml": SOURCE,
    "sources/managed.yaml": SOURCE + "  createdAt: 1\n",
    "sources/large.yaml": SOURCE + f"  description: {'x' * 400_000}\n",
    "sources/larger.yaml": SOURCE + f"  description: {'x' * 400_000}\n",
    "sources/shop-connectionSpec.json": ARTIFACT,
    "sources/shut.yaml": "",
    "flow-specs/mine.yaml": FLOW + "  sourceConnectionSpecIds: [{ref: number-1}]\n",
}


class Tree(MemoryTree):
    """A tree of which one file cannot be read."""

    def read(self, path: str) -> bytes:
        if path == "sources/shut.yaml":
            raise Unreadable("unreadable", "it is shut", "open it")
        return super().read(path)


def tree(number: int = 400) -> Tree:
    return Tree({f"sources/number-{index}.yaml": SOURCE for index in range(number)} | ODD)


def wanted(found: Tree) -> Mapping[str, Form]:
    return {path: form_of(path) for path in found.listing().paths}


def views() -> Iterator[View]:
    """The two targets of a run."""
    values = {"eu": {"host": "eu.example.com", "large": 10**30}, "us": {"host": "us.example.com", "large": -1, "gone": None}}
    others = {name: Layers((name,), (), values[name]) for name in NAMES}
    return (View(name, NAMES, "their specs", Layers((name,), NAMES, values[name], others)) for name in NAMES)


def worker(script: str) -> tuple[str, ...]:
    """The command of a worker that does this; `send` and `receive` are there, and it has said that it is ready."""
    start = (
        "import sys; sys.path[:] = sys.argv[1:]; import os, time, msgspec; from reconciler.desired.parsing.messages import *; "
    )
    start += "out, into = sys.stdout.buffer, sys.stdin.buffer; send(out, READY); receive(into)\n"
    return (sys.executable, "-I", "-c", start + script, *sys.path)
