"""Whatever is asked for, `new` refuses it with the option and a hint, or writes what no rule objects to."""

from __future__ import annotations

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from reconciler.authoring.new_checks import check_source
from reconciler.authoring.new_spec import AUTH_TYPES, PAGINATIONS, TEMPLATES, NewSource, new_files
from reconciler.errors import UsageError
from reconciler.lint.run import lint
from tests.desired.trees import load

PIECES = st.sampled_from(
    [
        *("${tenant}", "${listId}", "${a b}", "${password}", "${accessToken}", "${username}", "${}", "{b}", "{SCHEDULE_QUERY}"),
        *(
            "@{concat('a')}",
            "a",
            "acme.example",
            "v1",
            "/",
            "//",
            "?",
            "?since=",
            "#",
            "%20",
            " ",
            "\t",
            ":8443",
            "user:pw@",
            "&",
        ),
        *("é", "\u0430cme", "\u00a0", "api_key=0123456789abcdef", "=", "'", '"', "\\", "$", "{", "}"),
    ]
)
HOSTS = (
    "https://api.acme.example",
    "https://${tenant}.acme.example",
    "https://${tenant}.api.${region}.acme.example:8443",
    "https://acme.example/rest",
    "https://${host}",
)
PATHS = ("/", "/v1/${listId}/members", "/v1?fields=a,b&status=open", "/a@{if(empty(''),'?b=c','')}", "/v1/r%C3%A9sum%C3%A9")
TEXTS = st.one_of(
    st.just("Acme Orders"),
    st.lists(PIECES, min_size=1, max_size=4).map("".join),
    st.text(min_size=1, max_size=20),
    st.sampled_from(
        ["Acme Orders", "Acme  Orders", " Acme", "${x}", "{CATEGORY}", "no", "1.0", "~", "# x", "a: b", "AKIA" + "A" * 16]
    ),
)
SOURCES = st.builds(
    NewSource,
    key=st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,12}\Z"),
    template=st.sampled_from(TEMPLATES),
    name=TEXTS,
    description=TEXTS,
    category=st.sampled_from(["crm", "streaming"]),
    auth=st.lists(st.sampled_from(AUTH_TYPES), min_size=1, max_size=2, unique=True).map(tuple),
    pagination=st.sampled_from(PAGINATIONS),
    schedule=st.booleans(),
    host=st.one_of(st.sampled_from(HOSTS), st.lists(PIECES, max_size=3).map(lambda pieces: "https://" + "".join(pieces))),
    path=st.one_of(st.sampled_from(PATHS), st.lists(PIECES, max_size=4).map(lambda pieces: "/" + "".join(pieces))),
)


@given(source=SOURCES)
@settings(deadline=None, max_examples=400)
def test_what_is_not_refused_is_in_order(source: NewSource) -> None:
    try:
        check_source(source, {})
    except UsageError as refused:
        event("refused" if refused.hint else "refused without a hint")
        return
    event("written")
    desired = load({path: text for path, text in new_files(source).items() if path.startswith("sources/")})
    assert desired.problems == ()
    assert lint(desired.specs, {}, 1) == []


def source(**rest: str) -> NewSource:
    settings = {"key": "acme-orders", "template": "batch", "name": "Acme", "description": "Orders", "category": "crm", **rest}
    return NewSource(**settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("host", HOSTS)
def test_hosts_that_sources_have_are_taken(host: str) -> None:
    check_source(source(host=host), {})


@pytest.mark.parametrize("path", PATHS)
def test_paths_that_sources_have_are_taken(path: str) -> None:
    check_source(source(path=path), {})


def test_a_rule_that_weighs_more_here_counts_here() -> None:
    check_source(source(), {"text-for-key": "error"})
    with pytest.raises(UsageError, match=r"--path: .*literal-secret"):
        check_source(source(path="/a?api_key=0123456789abcdef"), {})
    check_source(source(path="/a?api_key=0123456789abcdef"), {"literal-secret": "off"})
