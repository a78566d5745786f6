"""Import every module, and run the offline commands in a new folder: `python -m tests.portability.offline [--without-posix]`.

It ends with 1, and says which, if a module cannot be imported or a command does not exit as it should. `--without-posix` first
removes what Python lacks on Windows, so that Linux can run this as Windows would.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import pkgutil
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.portability import removal

ROOT = Path(__file__).parents[2]
SPEC = "specs/sources/mailchimp-members/connection-spec.yaml"
COMMANDS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (0, ("--version",)),
    (0, ("--help",)),
    (0, ("validate",)),
    (0, ("validate", "--format", "json")),
    (0, ("validate", "--fix")),
    (0, ("targets", "--format", "json")),
    (0, ("schema", "--write")),
    (0, ("convert", SPEC, "--out", "mailchimp-members-connectionSpec.json")),
    (1, ("convert", SPEC, "--out", "mailchimp-members-connectionSpec.json")),  # an existing file is not overwritten
    (0, ("diff",)),
    (0, ("breaking",)),
    (0, ("try", "acme-loyalty-members", "--stub")),
    (0, ("plan", "--out", "plan.json")),
    (2, ("plan", "--detailed-exitcode")),
    (0, ("show", "plan.json")),
    (0, ("apply", "--yes")),
    (0, ("status",)),
    (0, ("drift",)),
    (0, ("import", "--name", "MailChimp*", "--dry-run")),
    (0, ("new", "acme-tickets")),
)


def main(arguments: Sequence[str]) -> int:
    """Run everything, print what went wrong, and return the exit code."""
    if "--without-posix" in arguments:
        removal.remove()
    wrong = [*_imports(), *_commands()]
    sys.stderr.writelines(f"{line}\n" for line in wrong)
    return 1 if wrong else 0


def _imports() -> Iterator[str]:
    import reconciler  # noqa: PLC0415 - after the removal

    for module in pkgutil.walk_packages(reconciler.__path__, "reconciler."):
        if not module.name.endswith("__main__"):
            try:
                importlib.import_module(module.name)
            except Exception as error:  # noqa: BLE001 - each module is tried
                yield f"{module.name}: {error!r}"


def _commands() -> Iterator[str]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch, contextlib.chdir(scratch):
        shutil.copytree(ROOT / "specs", "specs", ignore=shutil.ignore_patterns(".reconciler"))
        settings = Path("specs/reconciler.yaml")
        waits = b"\nnetwork: {consistency_window: 0s, settle: 0s}\n"
        settings.write_bytes(settings.read_bytes() + waits)
        _commit()
        for expected, arguments in COMMANDS:
            code, said = run(arguments)
            if code != expected:
                yield f"reconciler {' '.join(arguments)}: exited with {code}, expected {expected}\n{said}"


def _commit() -> None:
    who = ("-c", "user.name=Jane", "-c", "user.email=jane@acme.example", "-c", "core.autocrlf=false")
    for step in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "--message", "Add the spec files")):
        subprocess.run(["git", *who, *step], check=True)  # noqa: S603, S607


def run(arguments: Sequence[str]) -> tuple[int, str]:
    """Run the command line in this process. Returns its exit code and all that it printed."""
    from reconciler.cli import entry  # noqa: PLC0415 - after the removal

    printed = io.BytesIO()
    output = io.TextIOWrapper(printed, encoding="utf-8")
    before = sys.argv
    sys.argv = ["reconciler", *arguments]
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            entry.main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    finally:
        sys.argv = before
    output.flush()
    return code, printed.getvalue().decode()


if __name__ == "__main__":
    os.environ.pop("GIT_DIR", None)
    sys.exit(main(sys.argv[1:]))
