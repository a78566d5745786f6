from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.github.links import links_of, path_in_repository

SHA = "a" * 40
SERVER = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/aep-sources"}
BLOB = f"https://github.com/acme/aep-sources/blob/{SHA}"


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_line_is_linked_at_the_commit() -> None:
    links = links_of(SERVER, SHA)
    assert links is not None
    assert links("specs/sources/a/connection-spec.yaml", 12) == f"{BLOB}/specs/sources/a/connection-spec.yaml#L12"


def test_a_file_name_cannot_leave_its_place_in_the_url() -> None:
    links = links_of(SERVER, SHA)
    assert links is not None
    assert links("specs/a b)#?<x>.yaml", None) == f"{BLOB}/specs/a%20b%29%23%3F%3Cx%3E.yaml"


def test_the_path_counts_from_the_repository_s_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "infra").mkdir()
    monkeypatch.chdir(tmp_path / "infra")
    environ = SERVER | {"GITHUB_WORKSPACE": str(tmp_path)}
    assert path_in_repository(environ, "specs/a.yaml") == "infra/specs/a.yaml"


def test_a_file_outside_of_the_repository_has_no_link() -> None:
    links = links_of(SERVER, SHA)
    assert links is not None
    assert links("../elsewhere/a.yaml", 1) is None


def test_without_a_commit_of_its_own_a_report_is_about_that_of_the_run() -> None:
    assert links_of(SERVER | {"GITHUB_SHA": SHA}, None) is not None


@pytest.mark.parametrize(
    "environ",
    [{}, SERVER | {"GITHUB_SERVER_URL": "javascript:x"}, SERVER | {"GITHUB_REPOSITORY": "x"}],
    ids=["elsewhere", "no server", "not a valid repository"],
)
def test_outside_of_github_there_are_no_links(environ: dict[str, str]) -> None:
    assert links_of(environ, SHA) is None


def test_a_commit_that_is_none_has_no_links() -> None:
    assert links_of(SERVER, "main") is None


def test_the_path_counts_from_a_checkout_below_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sources/.git").mkdir(parents=True)
    (tmp_path / "sources/infra").mkdir()
    environ = SERVER | {"GITHUB_WORKSPACE": str(tmp_path)}
    assert path_in_repository(environ, "sources/infra/specs/a.yaml") == "infra/specs/a.yaml"
    monkeypatch.chdir(tmp_path / "sources/infra")
    assert path_in_repository(environ, "specs/a.yaml") == "infra/specs/a.yaml"


def test_the_path_counts_from_the_checkout_outside_of_a_workflow_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").write_text("gitdir: elsewhere")
    (tmp_path / "infra").mkdir()
    monkeypatch.chdir(tmp_path / "infra")
    assert path_in_repository({}, "specs/a.yaml") == "infra/specs/a.yaml"
