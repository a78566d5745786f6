"""`make image`: run the steps of the Dockerfile twice, compare what they make, and run it as a user that owns nothing.

The steps install from the package index, so this is no test.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

from tests.image.steps import PROJECT, Scratch, stages

_NOBODY = 12_345


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        top.chmod(0o755)
        first, second = made(top), made(top)
        different = sorted(path for path in first.keys() | second.keys() if first.get(path) != second.get(path))
        if different:
            sys.exit(f"two builds differ in {len(different)} files: {', '.join(different[:10])}")
        checkout = top / "checkout"
        shutil.copytree(PROJECT / "specs", checkout / "specs")
        git = ["git", "-C", str(checkout), "-c", "user.name=Team", "-c", "user.email=team@acme.example"]
        for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "specs"]):
            subprocess.run([*git, *words], check=True)  # noqa: S603 - git, with words from this file
        environ = run_environ(top)
        before = digests(top / "root") | digests(checkout)
        for words in (["--version"], ["validate"], ["breaking", "--against", "HEAD"]):
            as_nobody([*stages()[-1].entrypoint, *words], checkout, environ)
        if digests(top / "root") | digests(checkout) != before:
            sys.exit("a command wrote outside of the temporary folder")
    print(f"image: {len(first):,} files, the same in both builds; the command runs as user {_NOBODY}")  # noqa: T201


def made(top: Path) -> dict[str, str]:
    """Run the steps; the digests of what the image holds of us."""
    root = top / "root"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    scratch = Scratch(root)
    for stage in stages():
        scratch.run(stage)
    return digests(root / "opt" / "reconciler")


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


def run_environ(top: Path) -> dict[str, str]:
    """The environment of the image, where only the temporary folder can be written."""
    temporary = top / "tmp"
    temporary.mkdir()
    if os.geteuid() == 0:
        os.chown(temporary, _NOBODY, 0)
    given = {name: Scratch(top / "root").place(value) for name, value in stages()[-1].env.items()}
    return given | {"HOME": str(temporary), "TMPDIR": str(temporary), "PATH": f"{given['PATH']}:{os.environ['PATH']}"}


def as_nobody(words: list[str], folder: Path, environ: dict[str, str]) -> None:
    """Run a command of the image as a user without a name, if this user may."""
    program = shutil.which(words[0], path=environ["PATH"])
    if program is None:
        sys.exit(f"{words[0]} is not on the PATH of the image")
    user = {"user": _NOBODY, "group": 0, "extra_groups": []} if os.geteuid() == 0 else {}
    ran = subprocess.run([program, *words[1:]], cwd=folder, env=environ, check=False, **user)  # type: ignore[call-overload]  # noqa: S603
    if ran.returncode:
        sys.exit(f"{' '.join(words)} ended with {ran.returncode}")


if __name__ == "__main__":
    main()
