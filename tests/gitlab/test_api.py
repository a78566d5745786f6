"""What the client says of refusals, and where it does not go."""

from __future__ import annotations

import random

import httpx
import pytest

from reconciler.errors import GitLabError
from reconciler.gitlab.api import connect_gitlab
from tests.flowservice.simulated import SimulatedClock
from tests.gitlab.fake_api import PROJECT, TOKEN

REJECTED = "see the message; without one, check the proxy before GitLab"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("where", ["https://evil.example/x", "https://gitlab.example/users/sign_in"])
def test_the_token_follows_no_redirect(status: int, where: str) -> None:
    asked: list[str] = []

    def there(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(status, headers={"location": where})

    with pytest.raises(GitLabError, match=f"^GitLab GET /issues returned {status} without a message$") as refused:
        ask(httpx.MockTransport(there))
    assert refused.value.hint == "check CI_API_V4_URL: the token does not follow a redirect"
    assert asked == [f"/api/v4/projects/{PROJECT}/issues"]


@pytest.mark.parametrize(
    ("status", "hint"), [(400, REJECTED), (413, REJECTED), (422, REJECTED), (500, "GitLab failed: run again later")]
)
def test_a_refusal_says_what_helps(status: int, hint: str) -> None:
    with pytest.raises(GitLabError) as refused:
        ask(httpx.MockTransport(lambda _: httpx.Response(status, json={"message": "no"})))
    assert refused.value.hint == hint


def ask(wire: httpx.MockTransport) -> None:
    clock, rng = SimulatedClock(), random.Random(1)  # noqa: S311 - a seed
    connect_gitlab("https://gitlab.example/api/v4", PROJECT, TOKEN, clock=clock, rng=rng, wire=wire).get("/issues")
