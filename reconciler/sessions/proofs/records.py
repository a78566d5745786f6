"""The records of a source before Adobe sees it: by a trial for a proof, and by a recording or a stub for its dry run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reconciler.errors import ReconcilerError
from reconciler.proofs.folder import CASSETTE, PROVIDER
from reconciler.proving.making.fields import Fields, fields_of
from reconciler.proving.options import ProveOptions
from reconciler.proving.steps.work import KEPT_ROWS
from reconciler.sessions.proofs.subjects import ProofFiles
from reconciler.sessions.trying import TryMeans, try_sources
from reconciler.settings.scope import Scope
from reconciler.trying.options import TryOptions
from reconciler.trying.report import Origin, TryReport

if TYPE_CHECKING:
    from reconciler.applying.stopping import Stop
    from reconciler.observing.progress import Progress
    from reconciler.trying.hosts import Ask

_PAGES: Final = 10_000
"""As many requests as a run may make."""


def try_once(
    files: ProofFiles,
    means: tuple[Mapping[str, str], Scope, Progress, Stop, Ask | None],
    options: ProveOptions,
    origin: Origin = "live",
) -> TryReport:
    """The trial of a source, to its end. Raises ReconcilerError."""
    environ, scope, progress, stop, ask = means
    wanted = TryOptions(proof=options.proof, origin=origin, pages=_PAGES, rows=KEPT_ROWS, allow_local=options.allow_local)
    tried = try_sources(TryMeans(environ, scope, wanted, progress, stop, ask), (files.spec.key,), everything=False)
    if not isinstance(tried.report, TryReport):
        raise TypeError("one source has one report")
    return tried.report


def fields_known(
    files: ProofFiles, means: tuple[Mapping[str, str], Scope, Progress, Stop, Ask | None], options: ProveOptions
) -> Fields | None:
    """The fields of the records in the recording, or of the stub; None if there are none, or they cannot be used."""
    origins: tuple[tuple[str, Origin], ...] = ((CASSETTE, "cassette"), (PROVIDER, "stub"))
    for file, origin in origins:
        if file not in files.folder.files:
            continue
        try:
            rows = try_once(files, means, options, origin).rows
        except ReconcilerError:
            continue
        if rows:
            return fields_of(rows)
    return None


def fields_of_files(
    files: ProofFiles, means: tuple[Mapping[str, str], Scope, Progress, Stop, Ask | None], options: ProveOptions
) -> Fields | None:
    """The fields of the events of a streaming source, or of the records that are known without a request; None if there are none."""
    if files.streams:
        return fields_of(event.value for event in files.events.events) if files.events.events else None
    return fields_known(files, means, options)


def kept_file(specs: Path, files: ProofFiles, name: str) -> Path:
    """The path of a file in the folder of the proof."""
    return specs / files.folder.path(name)
