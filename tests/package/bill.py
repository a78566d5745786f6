"""Write the bill of materials of the locked installation, in CycloneDX: `python -m tests.package.bill FOLDER`.

FOLDER has the wheel. What is listed is what is installed from requirements.lock, with licences and what needs what.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path

from tests.package.paths import ROOT
from tests.package.processes import BIN, UV, Failed, run, say


def write(folder: Path) -> None:
    """Write the bill beside the wheel. Raises Failed if it lists other packages than the lock."""
    (wheel,) = folder.glob("*.whl")
    bill = folder / f"{wheel.name.split('-py3')[0]}.cdx.json"
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        python = scratch / "env/bin/python"
        run(UV, "venv", "--quiet", "--python", sys.executable, scratch / "env", cwd=scratch)
        install = (UV, "pip", "install", "--quiet", "--python", python)
        run(*install, "--require-hashes", "-r", ROOT / "requirements.lock", cwd=scratch)
        run(*install, "--no-deps", wheel, cwd=scratch)
        listed = run(UV, "pip", "list", "--quiet", "--python", python, "--format", "json", cwd=scratch)
        options = ("--output-reproducible", "--output-format", "JSON", "--output-file", bill)
        run(BIN / "cyclonedx-py", "environment", *options, python, cwd=scratch)
    installed = {package["name"]: package["version"] for package in json.loads(listed)}
    named = {_normal(part["name"]): part["version"] for part in json.loads(bill.read_text())["components"]}
    if named != installed:
        raise Failed(f"the bill of materials lists {named}, and installed are {installed}")
    say(f"wrote {bill.name}: {len(named)} packages")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    try:
        write(Path(sys.argv[1]).resolve())
    except Failed as error:
        sys.exit(str(error))
