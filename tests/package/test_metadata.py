from __future__ import annotations

import re
import tomllib

import pytest

from reconciler import __version__
from reconciler.cli.entry import main
from tests.package.metadata import built_metadata
from tests.package.paths import ROOT

REPOSITORY = "https://github.com/OWNER/reconciler"


def readme() -> str:
    description = built_metadata().get_payload()
    assert isinstance(description, str)
    return description


def test_every_link_of_the_readme_leads_somewhere_from_an_index_too() -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", readme())
    assert len(links) >= 20
    assert [link for link in links if not link.startswith(("https://", "#"))] == []


def test_a_link_leads_to_a_file_of_the_same_version() -> None:
    pages = re.findall(rf"\]\({REPOSITORY}/blob/v{re.escape(__version__)}/([^)#]+)", readme())
    images = re.findall(
        rf"!\[[^\]]*\]\(https://raw.githubusercontent.com/OWNER/reconciler/v{re.escape(__version__)}/([^)]+)", readme()
    )
    assert "docs/guarantees.md" in pages
    assert images == ["docs/plan.svg"]
    assert [path for path in [*pages, *images] if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("label", ["Changelog", "Documentation", "Issues", "Repository"])
def test_an_index_shows_where_the_project_is(label: str) -> None:
    urls = dict(value.split(", ", 1) for value in built_metadata().get_all("Project-URL", []))
    assert urls[label].startswith(REPOSITORY)


def test_the_name_of_the_distribution_is_a_command_too() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert scripts == dict.fromkeys((built_metadata()["Name"], "reconciler"), f"{main.__module__}:{main.__name__}")


def test_no_file_of_the_package_is_a_link_that_leads_out_of_the_source_archive() -> None:
    assert [str(path) for path in (ROOT / "reconciler").rglob("*") if path.is_symlink()] == []
