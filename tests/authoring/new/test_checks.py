"""Whatever is asked for, `new` refuses it with the option and a hint, or writes what no rule objects to."""

from __future__ import annotations

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from reconciler.authoring.importing.naming import check_key_is_free
from reconciler.authoring.new.checks import check_neighbours, check_source
from reconciler.authoring.new.source import NewSource, new_files
from reconciler.documents.kinds import Kind
from reconciler.errors import UsageError
from reconciler.lint.run import lint
from tests.authoring.new.test_addresses import HOSTS, PATHS
from tests.authoring.new.test_source import sources
from tests.desired.trees import MAILCHIMP, PROVIDER, SOURCE, load

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
TEXTS = st.one_of(
    st.just("Acme Orders"),
    st.lists(PIECES, min_size=1, max_size=4).map("".join),
    st.text(min_size=1, max_size=20),
    st.sampled_from(
        ["Acme Orders", "Acme  Orders", " Acme", "${x}", "{CATEGORY}", "no", "1.0", "~", "# x", "a: b", "AKIA" + "A" * 16]
    ),
)
SOURCES = sources(
    TEXTS,
    st.one_of(st.sampled_from(HOSTS), st.lists(PIECES, max_size=3).map(lambda pieces: "https://" + "".join(pieces))),
    st.one_of(st.sampled_from(PATHS), st.lists(PIECES, max_size=4).map(lambda pieces: "/" + "".join(pieces))),
)


@given(source=SOURCES)
@settings(max_examples=400)
def test_what_is_not_refused_is_in_order(source: NewSource) -> None:
    try:
        check_source(source, {})
    except UsageError as refused:
        event("refused" if refused.hint else "refused without a hint")
        return
    event("written")
    desired = load({path: text for path, text in new_files(source).items() if path.startswith("sources/")})
    assert desired.problems == ()
    assert lint(desired.specs, {}, ("",)) == []


def source(**rest: str) -> NewSource:
    settings = {"key": "acme-orders", "template": "batch", "name": "Acme", "description": "Orders", "category": "crm", **rest}
    return NewSource(**settings)  # type: ignore[arg-type]


def test_a_rule_that_weighs_more_here_counts_here() -> None:
    check_source(source(), {"text-for-key": "error"})
    with pytest.raises(UsageError, match=r"--path: .*literal-secret"):
        check_source(source(path="/a?api_key=0123456789abcdef"), {})
    check_source(source(path="/a?api_key=0123456789abcdef"), {"literal-secret": "off"})


def test_a_name_may_be_long_and_the_description_that_it_gives_is_longer() -> None:
    check_source(source(name="A" * 256, description="Records of " + "A" * 256), {})
    with pytest.raises(UsageError, match="--name has 257 characters"):
        check_source(source(name="A" * 257), {})
    with pytest.raises(UsageError, match="--description has 1025 characters"):
        check_source(source(description="A" * 1025), {})


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("mailchimp", "'mailchimp' is the key of specs/sources/mailchimp/connection-spec.yaml"),
        ("MailChimp", "is the key of specs/sources/mailchimp/connection-spec.yaml but for its case"),
        ("Chimp", "'Chimp' is a former key of specs/sources/mailchimp/connection-spec.yaml"),
        ("Broken", "'Broken' is the key of a file with errors"),
    ],
)
def test_a_key_that_a_file_has_or_had_is_not_given_again(key: str, message: str) -> None:
    there = load({MAILCHIMP: f"formerly: [chimp]\n{SOURCE}", "sources/broken.yaml": "kind: ConnectionSpec\n"})
    with pytest.raises(UsageError) as caught:
        check_key_is_free(Kind.CONNECTION_SPEC, key, there)
    assert message in caught.value.message
    assert caught.value.hint


def test_the_key_of_a_flow_spec_is_free_for_a_source() -> None:
    check_key_is_free(
        Kind.CONNECTION_SPEC,
        "mine",
        load({"flow-specs/mine.yaml": f"kind: FlowSpec\nspec: {{name: Mine, providerId: {PROVIDER}}}\n"}),
    )


def test_a_name_that_a_file_has_is_not_given_to_another_spec_of_the_provider() -> None:
    there = load({MAILCHIMP: SOURCE})
    with pytest.raises(UsageError, match=r"--name: 'MailChimp Members' is already the name of specs/sources/mailchimp") as caught:
        check_neighbours(source(name="MailChimp Members"), there)
    assert caught.value.hint
    check_neighbours(source(name="MailChimp Members", template="streaming"), there)
    check_neighbours(source(name="MailChimp Campaigns"), there)
