"""How the tests of the fake GitHub reach it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from reconciler.emulator.http.server import serving
from tests.github.fake_api import DEFAULT_TOKEN, FakeGitHub, a_sha

REPO = "acme/aep-sources"
TIP, HEAD, MERGED = a_sha("tip"), a_sha("head"), a_sha("merged")
ISSUES = f"/repos/{REPO}/issues"
COMMENTS = f"{ISSUES}/1/comments"
CHECKS = f"/repos/{REPO}/check-runs"


class Stage:
    """One server for many tests, since starting and stopping takes a while; each puts a GitHub of its own on it."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self.url = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


@contextmanager
def staged() -> Iterator[Stage]:
    stage = Stage()
    with serving(stage) as stage.url:
        yield stage


@contextmanager
def client_on(stage: Stage, github: FakeGitHub) -> Iterator[httpx.Client]:
    """A client with good headers, and this GitHub at the other end."""
    stage.app = github.app
    with httpx.Client(base_url=stage.url, headers=headers(), trust_env=False) as client:
        yield client


def with_a_pull_request() -> FakeGitHub:
    """One repository with a pull request, number 1, whose head is HEAD."""
    fake = FakeGitHub()
    fake.add_repository(REPO, TIP)
    fake.open_pull_request(REPO, HEAD)
    return fake


def headers(token: str = DEFAULT_TOKEN, **others: str) -> dict[str, str]:
    return {
        "authorization": f"Bearer {token}",
        "accept": "application/vnd.github+json",
        "user-agent": "test",
        "x-github-api-version": "2022-11-28",
        **others,
    }
