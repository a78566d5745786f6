from __future__ import annotations

import os
import shlex
import subprocess
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.trying.report import ShownCall
from reconciler.trying.running.curl import curl_line

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).filter(lambda text: "${" not in text)


def line(url: str = "https://x/a", **fields: Any) -> str:
    given: dict[str, Any] = {"method": "GET", "headers": (), "body": None} | fields
    return curl_line(ShownCall(1, given["method"], url, 200, 1, 1, given["headers"], given["body"]))


def words(command: str, **environ: str) -> list[str]:
    """The arguments, as a shell makes them from the command."""
    script = 'curl() { for word in "$@"; do printf "%s\\0" "$word"; done; }; ' + command
    ran = subprocess.run(["sh", "-c", script], env={"PATH": os.environ["PATH"]} | environ, capture_output=True, check=True)  # noqa: S603, S607
    return ran.stdout.decode().split("\0")[:-1]


def test_a_plain_request_is_its_url() -> None:
    assert line("https://x/a?b=1&c=2") == "curl --silent --show-error 'https://x/a?b=1&c=2'"


def test_a_secret_in_a_header_is_a_variable() -> None:
    command = line(headers=(("X-Key", "a ${KEY} b"),))
    assert words(command, RECONCILER_PROOF_KEY="s3 'cret")[2:4] == ["--header", "X-Key: a s3 'cret b"]


def test_basic_authentication_is_left_to_curl() -> None:
    command = line(headers=(("Authorization", "Basic ${USER}:${PASSWORD}"),))
    assert words(command, RECONCILER_PROOF_USER="jane", RECONCILER_PROOF_PASSWORD="p w")[2:4] == ["--user", "jane:p w"]


def test_a_secret_in_the_query_is_encoded_by_curl() -> None:
    command = line("https://x/a?b=1&key=${KEY}")
    given = words(command, RECONCILER_PROOF_KEY="a&b")
    assert given[2:] == ["--get", "--data-urlencode", "key=a&b", "https://x/a?b=1"]


def test_a_body_is_sent_as_it_was() -> None:
    command = line(method="POST", body={"a": "it's ${KEY}"}, headers=(("Content-Type", "application/json"),))
    assert words(command, RECONCILER_PROOF_KEY="k")[-3:] == ["--data", '{"a":"it\'s k"}', "https://x/a"]


def test_a_post_without_a_body_is_still_a_post() -> None:
    assert "--request POST" in line(method="POST")


@given(TEXT, TEXT, TEXT)
def test_no_text_leaves_its_quotes(path: str, name: str, value: str) -> None:
    command = line(f"https://x/{path}", headers=((name, value),), body={name: value}, method="POST")
    assert shlex.split(command)[0] == "curl"
    assert f"{name}: {value}" in shlex.split(command)
