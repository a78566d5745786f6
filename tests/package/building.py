"""Build the distribution twice, from two copies of the tracked files, and compare: `python -m tests.package.building FOLDER`.

FOLDER gets the archives and SHA256SUMS. Whoever builds the same commit with the same build tools gets the same bytes.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from tests.package.paths import ROOT
from tests.package.processes import Failed, run, say


def build(folder: Path) -> None:
    """Fill the folder. Raises Failed if two builds differ, or the wheel has other files than the package."""
    tracked = run("git", "ls-files", "-z", cwd=ROOT).split("\0")[:-1]
    with tempfile.TemporaryDirectory() as scratch:
        first, second = (_built(Path(scratch) / name, tracked) for name in ("one", "another-name"))
        compare(first, second)
        _compare_with_source(first, Path(scratch))
        check_contents(first, tracked)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(first, folder)
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(folder.iterdir())]
    (folder / "SHA256SUMS").write_text("".join(sums))
    say(
        f"built twice with the same bytes:\n{''.join(sums)}",
    )


def _built(source: Path, tracked: list[str]) -> Path:
    """Copy the tracked files to this folder and build them."""
    for name in tracked:
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, source / name, follow_symlinks=False)
    return _hatchling(source)


def _hatchling(source: Path, *targets: str) -> Path:
    run(
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "--clean",
        *(word for name in targets for word in ("--target", name)),
        cwd=source,
    )
    return source / "dist"


def compare(first: Path, second: Path) -> None:
    """Check that both folders have the same files with the same bytes. Raises Failed."""
    names = [sorted(file.name for file in folder.iterdir() if file.name != ".gitignore") for folder in (first, second)]
    differ = set(names[0]) ^ set(names[1]) or {
        name for name in names[0] if (first / name).read_bytes() != (second / name).read_bytes()
    }
    if differ:
        raise Failed(f"two builds differ: {', '.join(sorted(differ))}")


def _compare_with_source(built: Path, scratch: Path) -> None:
    """A wheel built from the source archive is the same wheel."""
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(scratch / "source", filter="data")
    (source,) = (scratch / "source").iterdir()
    wheels = scratch / "wheels"
    shutil.copytree(built, wheels, ignore=shutil.ignore_patterns("*.tar.gz"))
    compare(wheels, _hatchling(source, "wheel"))


def check_contents(built: Path, tracked: list[str]) -> None:
    """Check that the wheel has each tracked file of the package, the licence, and nothing else. Raises Failed."""
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
    about = {name for name in names if name.split("/")[0].endswith(".dist-info")}
    wanted = {name for name in tracked if name.startswith("reconciler/")}
    odd = (names - about) ^ wanted
    files = sorted(name.partition("/")[2] for name in about)
    if odd or files != ["METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"]:
        raise Failed(f"the wheel does not hold the package: {', '.join(sorted(odd)) or ', '.join(files)}")


if __name__ == "__main__":
    try:
        build(Path(sys.argv[1]).resolve())
    except Failed as error:
        sys.exit(str(error))
