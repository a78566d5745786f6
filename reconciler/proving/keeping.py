"""What `prove --keep` writes: the report less requests, metrics and findings. It has no record and no secret, and at most 16 KiB."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.errors import ReconcilerError
from reconciler.proofs.folder import PROVED_BYTES
from reconciler.proving.document import document_of
from reconciler.proving.report import ProveReport

_NOT_KEPT: Final = ("run_metrics", "findings", "interrupted", "written")
_LONGEST: Final = 200
"""Characters of a string of the service, such as a name or a reason."""


class NotKept(ReconcilerError):
    """There is nothing to keep: the spec was not proved, or the file would hold a secret or be too large."""

    code = "not-kept"


def kept_proof(report: ProveReport, finds: Callable[[str], str | None] = lambda _: None) -> bytes:
    """The bytes of `proved-<target>.json`: the same report gives the same bytes. `finds` names a secret that a text contains.

    Raises NotKept.
    """
    if report.outcome != "proved":
        raise NotKept(f"{report.spec.key!r} is not proved, so nothing is kept", hint="fix what failed, then prove it again")
    document = {name: _cut(value) for name, value in document_of(report).items() if name not in _NOT_KEPT}
    document["steps"] = [{name: value for name, value in step.items() if name != "requests"} for step in document["steps"]]
    document["counts"]["windows"] = len(document["counts"]["by_window"])
    data = _fitting(document)
    if (name := finds(data.decode())) is not None:
        raise NotKept(
            f"nothing was kept: the report contains the value of {name}",
            hint="the service repeats the credential in its answers; use a credential with another value",
        )
    return data


def _fitting(document: Document) -> bytes:
    """The document within the limit: what was assumed is left out first, then time ranges from the end."""
    data = _encoded(document)
    if len(data) > PROVED_BYTES:
        document["assumed"] = []
    windows: list[Json] = document["counts"]["by_window"]
    while windows and len(data := _encoded(document)) > PROVED_BYTES:
        windows.pop()
    if len(data) > PROVED_BYTES:
        raise NotKept(f"nothing was kept: the report has more than {PROVED_BYTES:,} bytes", hint="keep fewer resources")
    return data


def _encoded(document: Document) -> bytes:
    return (json.dumps(document, indent=2, sort_keys=True) + "\n").encode()


def _cut(value: Json) -> Json:
    if isinstance(value, str):
        whole = value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"
        return whole.encode("utf-8", "replace").decode()  # a lone surrogate is not valid in a file
    if isinstance(value, list | tuple):
        return [_cut(item) for item in value]
    return {_cut(name): _cut(item) for name, item in value.items()} if isinstance(value, dict) else value
