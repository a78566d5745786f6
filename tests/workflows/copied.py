"""A repository with the workflows to copy, as its team has them: `python -m tests.workflows.copied FOLDER`, for linters."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

TEMPLATES: Final = Path(__file__).parents[2] / "reconciler" / "authoring" / "templates" / "github"
DEPENDABOT: Final = "dependabot.yml"


def copy_workflows(folder: Path, tool: str, commit: str, version: str, *, without: tuple[str, ...] = ()) -> None:
    """Write `.github` below the folder, with the place and the version of the tool, and `without` some of the workflows."""
    workflows = folder / ".github" / "workflows"
    workflows.mkdir(parents=True)
    for path in sorted(TEMPLATES.glob("*.yml")):
        if path.name in without:
            continue
        text = path.read_text().replace("OWNER/reconciler", tool).replace("COMMIT", commit).replace("VERSION", version)
        ((workflows.parent if path.name == DEPENDABOT else workflows) / path.name).write_text(text)


def main() -> None:
    folder = Path(sys.argv[1])
    shutil.rmtree(folder, ignore_errors=True)
    copy_workflows(folder, "acme/reconciler", "0123456789abcdef0123456789abcdef01234567", "v1.2.3")


if __name__ == "__main__":
    main()
