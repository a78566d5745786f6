"""What `import` does to the world: it reads live specs, and writes spec files."""

from __future__ import annotations

from pathlib import Path

from reconciler.authoring.importing.folder import Folder
from reconciler.authoring.importing.selection import Choice
from reconciler.authoring.importing.specs import Import, ImportedSpec, import_specs
from reconciler.cli.files import unwritable
from reconciler.disk import read_most, write_whole
from reconciler.documents.kinds import Kind
from reconciler.errors import UsageError
from reconciler.flowservice.client import SpecReader
from reconciler.flowservice.paths import is_spec_id
from reconciler.observing.live import fetch_missing, observe
from reconciler.observing.prepare import situation_of
from reconciler.observing.progress import Progress
from reconciler.observing.workspace import Workspace
from reconciler.planning.plan import Options


def prepare_import(workspace: Workspace, reader: SpecReader, folder: Folder, choice: Choice, progress: Progress) -> Import:
    """What an import would write now. An id that the lists do not show is asked for by itself. Raises ReconcilerError."""
    concurrency = workspace.network.concurrency
    progress.step("reading connection specs and flow specs")
    observation = observe(reader, workspace.desired, concurrency)
    shown = {spec.id for spec in observation.live}
    kinds = [choice.kind] if choice.kind else list(Kind)
    hidden = [(kind, spec_id) for spec_id in choice.ids if spec_id not in shown and is_spec_id(spec_id) for kind in kinds]
    observation = fetch_missing(reader, observation, hidden, concurrency)
    return import_specs(situation_of(workspace, reader, observation, Options()), folder, choice)


def write_files(specs: Path, result: Import) -> None:
    """Write every file of an import, each whole or not at all, and none outside of the specs folder.

    Raises UsageError for a file that is not as it was read, or that cannot be written; those before it are written then.
    """
    for spec in result.to_write:
        try:
            _write(specs, spec)
        except OSError as error:
            hint = "make room, or see to its permissions, and run import again: it goes on where it stopped"
            raise unwritable(Path(spec.file), error, hint) from error


def _write(specs: Path, spec: ImportedSpec) -> None:
    file = specs / spec.path
    if not file.resolve().is_relative_to(specs.resolve()):
        raise UsageError(
            f"{spec.file} leads out of the specs folder, and was not written", hint="put a folder in the place of the link"
        )
    if spec.before is not None and read_most(file, len(spec.before) + 1) != spec.before:
        raise UsageError(f"{spec.file} was changed while import ran, and was not written", hint="run import again")
    write_whole(file, spec.after, mode=0o666, is_new=spec.before is None, parents=True)
