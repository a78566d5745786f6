"""One run of `init`: ask, check everything, write what is missing, and list the next steps."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reconciler.authoring.setup.files import SETTINGS, Actions, github_files, gitlab_files, placeholders_in, with_ignored
from reconciler.cli.files import missing_schemas, write_file, write_schemas
from reconciler.cli.initializing.questions import Asking, NewSettings
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.output import emit, wants_color
from reconciler.cli.terminal.questions import Questions, somebody_is_there
from reconciler.desired.git.remote import Remote, remote_of
from reconciler.disk import read_regular
from reconciler.errors import ExitCode, SettingsError, UsageError
from reconciler.reports.sinks.text import Text
from reconciler.schemas.published import SCHEMAS
from reconciler.settings.credentials import has_credentials
from reconciler.settings.loading import load_settings

_HINT: Final = "make the folder writable, or remove what is in its way"
_ACTIONS: Final = re.compile(r"(?P<repository>[A-Za-z0-9._-]+/[A-Za-z0-9._-]+)@(?P<commit>[0-9a-f]{40})")
_MOST: Final = 1_000_000
_OF_SETTINGS: Final = ("repository", "org_id", "sandbox")


def initialize(shell: Shell, given: Mapping[str, Any]) -> int:
    """Write the files of a new repository, and print the next steps. Raises UsageError, before anything is written, for a bad value."""
    if not given["yes"] and not somebody_is_there():
        hint = "use --yes, with --repository, --org-id and --sandbox; `reconciler init --help` lists the options"
        raise UsageError("nothing was written: there is no terminal to ask on", hint=hint)
    remote = remote_of(_nearest(shell.scope.specs))
    specs = _specs(shell, remote)
    is_new = not os.path.lexists(specs / SETTINGS)
    stray = next((name for name in _OF_SETTINGS if given[name]), None)
    if stray is not None and not is_new:
        option = stray.replace("_", "-")
        raise UsageError(f"{specs / SETTINGS} exists, so --{option} has no effect", hint=f"edit it, and leave out --{option}")
    asking = Asking(shell, given, Questions(not given["yes"], wants_color(sys.stderr, shell.environ)), remote)
    settings = asking.settings() if is_new else None
    root = remote.top or specs.resolve().parent
    promotes = not is_new and _promotes(specs)
    made = _ci_files(asking, os.path.relpath(specs.resolve(), root), promotes=promotes)
    files = {_from_here(root / path): text for path, text in made.items()}
    writing = _Writing(Text())
    writing.everything(specs, settings, _from_here(root / ".gitignore"), files)
    unfilled = [file for file in writing.written if file in files and any(placeholders_in(files[file]))]
    old = _from_here(root / ".github" / "workflows" / "apply.yml")
    stale = [f"delete {old}: promote.yml applies what is merged"] if given["github"] and promotes and os.path.lexists(old) else []
    _show_steps(writing.text, [*_steps(shell, settings, specs, unfilled), *stale, *_of_ci(given)])
    emit(writing.text.render())
    return ExitCode.DONE


def _promotes(specs: Path) -> bool:
    """Whether targets come after others, or are in fleets; not for a file with errors, which `validate` lists."""
    try:
        targets = load_settings(specs).targets.values()
    except SettingsError:
        return False
    return any(target.after or target.fleet for target in targets)


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    whole = folder.resolve()
    return next(place for place in (whole, *whole.parents) if place.is_dir())


def _specs(shell: Shell, remote: Remote) -> Path:
    """The specs folder: a named or an existing one, or else `specs` in the root of the repository."""
    specs = shell.scope.specs
    return specs if shell.specs_named or specs.is_dir() or remote.top is None else _from_here(remote.top / specs.name)


def _from_here(path: Path) -> Path:
    return Path(os.path.relpath(path.parent.resolve(), Path.cwd())) / path.name


def _ci_files(asking: Asking, specs: str, *, promotes: bool) -> Mapping[str, str]:
    """The workflows that were asked for, by path from the root of the repository. Raises UsageError."""
    given = asking.given
    actions = _actions(given["actions"])
    stray = next((name for name in ("actions", "branch") if given[name]), None)
    if stray is not None and not given["github"]:
        raise UsageError(f"--{stray} is for workflows of GitHub", hint=f"add --github, or leave out --{stray}")
    files: dict[str, str] = {}
    if given["github"]:
        files.update(github_files(Path(specs).as_posix(), asking.branch(), actions, promotes=promotes))
    if given["gitlab"]:
        files.update(gitlab_files())
    return files


def _actions(given: str | None) -> Actions | None:
    found = None if given is None else _ACTIONS.fullmatch(given)
    if given is not None and found is None:
        raise UsageError(f"--actions: {given[:80]!r} is not OWNER/NAME@COMMIT", hint="write the whole commit, with 40 digits")
    return Actions(found["repository"], found["commit"]) if found else None


@dataclass(slots=True)
class _Writing:
    """Writes files that do not exist yet, and says what became of each."""

    text: Text
    written: tuple[Path, ...] = ()

    def everything(self, specs: Path, settings: NewSettings | None, ignore: Path, files: Mapping[Path, str]) -> None:
        """All files. Raises UsageError for one that cannot be written; those before it stay written."""
        if settings is None:
            self.text.line(f"kept {specs / SETTINGS}")
        else:
            self.new(specs / SETTINGS, settings.text)
        for file in write_schemas(specs, list(missing_schemas(specs, SCHEMAS))):
            self.text.line(f"wrote {file}")
        self.ignore(ignore)
        for file, text in files.items():
            self.new(file, text)

    def new(self, file: Path, text: str) -> None:
        if os.path.lexists(file):
            self.text.line(f"kept {file}")
            return
        write_file(file, text.encode(), _HINT)
        self.text.line(f"wrote {file}")
        self.written = (*self.written, file)

    def ignore(self, file: Path) -> None:
        """Add what git must leave out, and leave the other lines alone."""
        try:
            before = read_regular(file, _MOST) if os.path.lexists(file) else None
            after = with_ignored("" if before is None else before.decode()).encode()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is not UTF-8"
            raise UsageError(f"cannot read {file}: {reason}", hint="add the line .reconciler/ to it") from None
        if after == before:
            self.text.line(f"kept {file}")
            return
        write_file(file, after, _HINT, before=before)
        self.text.line(f"wrote {file}" if before is None else f"added .reconciler/ to {file}")


def _show_steps(text: Text, steps: list[str]) -> None:
    text.blank()
    text.line("next:")
    for number, step in enumerate(steps, start=1):
        text.line(f"{number}. {step}", indent=2)


def _steps(shell: Shell, settings: NewSettings | None, specs: Path, unfilled: list[Path]) -> Iterator[str]:
    target = settings.target if settings else None
    words = ["reconciler", *(["--specs", specs.as_posix()] if shell.named_specs else [])]
    called = shlex.join([*words, *(["--target", target.name] if target else [])])
    if target is not None and not has_credentials(shell.environ, target.name):
        yield "set RECONCILER_CREDENTIALS to a file with credentials, or RECONCILER_CLIENT_ID and RECONCILER_CLIENT_SECRET"
    yield f"check the target: {called} doctor"
    yield f"add specs: {shlex.join(words)} new KEY" + (f", or {called} import --name GLOB" if target else "")
    if unfilled:
        yield f"replace OWNER, COMMIT and VERSION in {', '.join(map(str, unfilled))}"
    yield f"commit the files, and look at the first plan: {called} plan"


def _of_ci(given: Mapping[str, Any]) -> Iterator[str]:
    if given["github"]:
        yield "on GitHub: add the secrets and environments that the page docs/github.md of the reconciler lists"
    if given["gitlab"]:
        yield "on GitLab: change what .gitlab-ci.yml marks as yours, and add the variables that docs/gitlab.md of the reconciler lists"
