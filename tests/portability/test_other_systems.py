"""The offline commands where Python lacks what it has on POSIX systems alone."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

from tests.portability.removal import MODULES, OS_NAMES, SIGNALS

ROOT = Path(__file__).parents[2]


def test_the_offline_commands_work_without_what_only_posix_has() -> None:
    command = [sys.executable, "-m", "tests.portability.offline", "--without-posix"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.stderr, done.returncode) == ("", 0)


def test_no_module_uses_a_name_of_posix_without_asking_whether_it_exists() -> None:
    assert {
        str(file.relative_to(ROOT)): used for file in (ROOT / "reconciler").rglob("*.py") if (used := _posix_names(file))
    } == {}


def _posix_names(file: Path) -> set[str]:
    """What this module imports or uses of POSIX, without a `hasattr` for it."""
    source = file.read_text(encoding="utf-8")
    used = {found[0] for found in _NAME.finditer(source)}
    asked = {f"{owner}.{name}" for owner, name in _ASKED.findall(source)}
    imported = {alias.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import) for alias in node.names}
    return (used & _POSIX) - asked | (imported & set(MODULES))


_NAME = re.compile(r"\b(?:os|signal|select)\.\w+")
_ASKED = re.compile(r'hasattr\((\w+), "(\w+)"\)')
_POSIX = {f"os.{name}" for name in OS_NAMES} | {f"signal.{name}" for name in SIGNALS} | {"select.poll", "select.epoll"}
