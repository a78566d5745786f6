"""Hosts and paths: those that sources have are taken, and what would not be sent as it was meant is refused with a way out."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.authoring.new.addresses import check_host, check_path, placeholders
from reconciler.documents.json_text import Json, decode
from reconciler.errors import UsageError
from tests.published import needs_published, published

HOSTS = (
    "https://api.acme.example",
    "https://${tenant}.acme.example",
    "https://${tenant}.api.${region}.acme.example:8443",
    "https://acme.example:${port}",
    "https://acme.example/rest/v2",
    "https://${host}",
    "https://xn--bcher-kva.example",
    "https://10.0.0.1",
)
PATHS = (
    "/",
    "/v1/${listId}/members",
    "/v1?fields=a,b&status=open",
    "/v1/r%C3%A9sum%C3%A9",
    "/v1/items(1)/$metadata?filter[type]=user&at=10:30",
    "/a@{if(empty(''), '?b={c}', 'd')}",
)


def published_in(field: str) -> list[str]:
    """What the published bodies have in this field of their `urlParams`."""
    return [text for file in published() for text in _below(decode(file.read_bytes()), field)]


def _below(value: Json, field: str) -> Iterator[str]:
    if isinstance(value, dict):
        found = value.get("urlParams", {}).get(field) if isinstance(value.get("urlParams"), dict) else None
        yield from [found] if isinstance(found, str) else []
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _below(item, field)


@pytest.mark.parametrize("host", HOSTS)
def test_hosts_that_sources_have_are_taken(host: str) -> None:
    check_host(host)


@pytest.mark.parametrize("path", PATHS)
def test_paths_that_sources_have_are_taken(path: str) -> None:
    check_path(path)


@needs_published
def test_every_published_path_is_taken_and_every_host_but_one_whose_placeholder_has_no_dollar() -> None:
    for path in published_in("path"):
        check_path(path)
    refused = []
    for host in published_in("host"):
        try:
            check_host(host)
        except UsageError:
            refused.append(host)
    assert set(refused) <= {"https://{domain}.api.mailchimp.com"}


@pytest.mark.parametrize(
    ("host", "message"),
    [
        ("http://acme.example", "does not start with https://"),
        ("HTTPS://acme.example", "does not start with https://"),
        ("", "does not start with https://"),
        ("https://", "'' is not a valid host"),
        ("https://user:pass@acme.example", "a user or a password"),
        ("https://${user}@acme.example", "a user or a password"),
        ("https://https://acme.example", "'' is not a valid port"),
        ("https://acme.example:99999", "'99999' is not a valid port"),
        ("https://acme.example:0", "'0' is not a valid port"),
        ("https://acme.example:http", "'http' is not a valid port"),
        ("https://acme..example", "is not a valid host"),
        ("https://acme.example.", "is not a valid host"),
        ("https://-acme.example", "is not a valid host"),
        ("https://" + "a" * 64 + ".example", "is not a valid host"),
        ("https://" + "a." * 130 + "example", "is not a valid host"),
        ("https://[::1]", "is not a valid host"),
        ("https://{tenant}.example", "is not a valid host"),
        ("https://acme .example", "is not a valid host"),
        ("https://acme.example?a=b", "is not a valid host"),
        ("https://acme.example#a", "is not a valid host"),
        ("https://bücher.example", "characters that are not ASCII"),
        ("https://${a b}.example", "'a b' is not a valid parameter name"),
        ("https://${}.example", "`${}` has no name"),
        ("https://acme.example/a?b", "'?' is not valid in an address"),
        ("https://acme.example/a@{b}", "{b} would be sent unchanged"),
        ("https://acme\u200b.example", "U+200B is invisible"),
    ],
)
def test_what_is_no_host_is_refused_with_a_way_out(host: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_host(host)
    assert caught.value.message.startswith("--host: ")
    assert message in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("path", "message", "hint"),
    [
        ("v1", "does not start with one slash", "/v1/orders"),
        ("//acme.example/v1", "does not start with one slash", "/v1/orders"),
        ("/a b", "' ' is not valid", "%20"),
        ("/a#b", "'#' is not valid", "%23"),
        ("/100%", "'%' is not valid", "%25"),
        ("/a%zz", "'%' is not valid", "%25"),
        ("/é", "'é' is not valid", "%C3%A9"),
        ('/"a"', "'\"' is not valid", "%22"),
        ("/a\\b", "is not valid", "%5C"),
        ("/a\tb", "U+0009 is invisible", "retype the address"),
        ("/{list}/members", "{list} would be sent unchanged", "${name}"),
        ("/${list", "{list would be sent unchanged", "${name}"),
        ("/list}", "} would be sent unchanged", "${name}"),
        ("/a@{b", "{b would be sent unchanged", "${name}"),
        ("/${}", "`${}` has no name", "${listId}"),
        ("/${1a}", "'1a' is not a valid parameter name", "${listId}"),
        ("/a?q={SCHEDULE_QUERY}", "a schedule of type ADVANCE", "scheduleParams"),
    ],
)
def test_what_is_no_path_is_refused_with_a_way_out(path: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_path(path)
    assert caught.value.message.startswith("--path: ")
    assert message in caught.value.message
    assert hint in str(caught.value.hint)


@given(st.text("a.${}@{}:/?#%20é -[]'", max_size=12))
def test_what_is_taken_leads_to_the_host_and_path_that_are_written(text: str) -> None:
    try:
        check_host(f"https://{text}")
        check_path("/v1")
    except UsageError:
        return
    found = urlsplit(f"https://{text}/v1")
    assert (found.scheme, found.username, found.query, found.fragment) == ("https", None, "", "")
    assert found.hostname
    assert found.path.endswith("/v1")


def test_each_placeholder_is_named_once_in_its_order() -> None:
    assert placeholders("/${b}/${a}?c=${b}@{d}") == ["b", "a"]
