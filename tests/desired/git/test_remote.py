"""What a clone says about its remote."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reconciler.desired.git.remote import Remote, remote_of


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", "-b", "trunk", str(tmp_path)], check=True)  # noqa: S603, S607 - a repository of this test
    return tmp_path


def configured(clone: Path, text: str) -> Remote:
    (clone / ".git/config").write_text(text)
    return remote_of(clone)


@pytest.mark.parametrize(
    ("url", "host", "repository"),
    [
        ("https://github.com/acme/aep-sources.git", "github.com", "acme/aep-sources"),
        ("https://me:a-token@github.com/acme/aep-sources", "github.com", "acme/aep-sources"),
        ("git@github.com:acme/aep-sources.git", "github.com", "acme/aep-sources"),
        ("ssh://git@gitlab.example.com:2222/acme/team/aep.git", "gitlab.example.com", "acme/team/aep"),
        ("git@gitlab.example.com:acme/team/aep", "gitlab.example.com", "acme/team/aep"),
        ("/srv/git/aep.git", None, None),
        ("https://[::1/a/b", None, None),
        ("https://github.com/acme/a%20b", "github.com", None),
        ("https://github.com/", "github.com", None),
    ],
)
def test_a_url_names_the_host_and_the_repository(clone: Path, url: str, host: str | None, repository: str | None) -> None:
    found = configured(clone, f'[core]\n\tbare = false\n[remote "origin"]\n\turl = {url}\n')
    assert (found.host, found.repository, found.top, found.branch) == (host, repository, clone, "trunk")
    assert "a-token" not in repr(found)


def test_origin_wins_and_one_other_remote_counts(clone: Path) -> None:
    fork = '[remote "fork"]\n\turl = git@github.com:me/aep.git\n'
    assert configured(clone, fork).repository == "me/aep"
    assert configured(clone, f'{fork}[remote "origin"]\n\turl = git@github.com:acme/aep.git\n').repository == "acme/aep"
    assert configured(clone, f'{fork}[remote "third"]\n\turl = git@github.com:acme/aep.git\n').repository is None
    assert configured(clone, '[branch "x"]\n\turl = git@github.com:acme/aep.git\n').repository is None


def test_the_default_branch_is_that_of_the_remote(clone: Path) -> None:
    head = clone / ".git/refs/remotes/origin/HEAD"
    head.parent.mkdir(parents=True)
    head.write_text("ref: refs/remotes/origin/release/1\n")
    assert remote_of(clone).branch == "release/1"
    head.write_text("ref: refs/remotes/origin/$(x)\n")
    assert remote_of(clone).branch == "trunk"


def test_without_a_clone_nothing_is_known(tmp_path: Path) -> None:
    assert remote_of(tmp_path) == Remote()
