"""Short secrets next to other text: nobody could find them again in what is shown."""

from typing import Any

import pytest

from reconciler.http.secrets.searching import WORDLIKE
from reconciler.proofs.apart import FOUND_INSIDE
from tests.proofs.files import BASIC, BODY, FORM, GOOD, fill, shown

ENVIRON = {"RECONCILER_PROOF_ACME_PASSWORD": "AbC12x"}


def body(**attributes: Any) -> dict[str, Any]:
    return {**BODY, "authSpec": [BASIC], "sourceSpec": {"spec": FORM, "attributes": attributes}}


@pytest.mark.parametrize(
    "attributes",
    [
        {"queryParams": {"q": "x${password}"}},
        {"queryParams": {"q": "${password}1"}},
        {"queryParams": {"q": "_${password}"}},
        {"queryParams": {"${password}k": "1"}},
        {"queryParams": {"q": "${store}${password}"}},
        {"queryParams": {"q": "%41${password}"}},
        {"queryParams": {"q": "${password}{SCHEDULE_QUERY}"}},
        {"queryParams": {"q": "@{concat('x', '${password}')}"}},
        {"headerParams": {"X-A": ["\\${password}"]}},
        {"bodyParams": {"a": [{"b": "é${password}"}]}},
        {"paginationParams": {"limitName": "l${password}"}},
        {"urlParams": {"host": "https://api.acme.example/a", "path": "${password}"}},
    ],
)
def test_a_short_secret_is_not_mixed_with_other_text(attributes: dict[str, Any]) -> None:
    (problem,) = fill(GOOD, environ=ENVIRON, body=body(**attributes)).problems
    assert (problem.is_error, problem.code, problem.line) == (True, "mixed-secret", 6)
    assert "AbC12x" not in f"{problem}"


def test_a_value_of_the_proof_file_does_not_mix_it_either() -> None:
    text = GOOD.replace("domain: us6", 'domain: "https://us6.acme.example/x${password}"')
    assert "mixed-secret" in str(shown(fill(text, environ=ENVIRON, body=body()).problems))


@pytest.mark.parametrize(
    ("attributes", "value"),
    [
        ({"queryParams": {"q": "x${password}y@{concat('${password}', '1')}"}}, "AbC12x78"),
        ({"queryParams": {"q": "${password}", "r": "key=${password};a", "s": "${domain}x@{concat('1','2')}"}}, "AbC12x"),
        ({"urlParams": {"host": "https://api.acme.example", "path": "/a/${password}/b?k=${password}&c=1"}}, "AbC12x"),
        ({"headerParams": {"X-A": "Token ${password}"}, "bodyParams": {"a": "${password}"}}, "AbC12x"),
    ],
)
def test_a_secret_apart_from_other_text_or_a_longer_one_is_sent(attributes: dict[str, Any], value: str) -> None:
    assert fill(GOOD, environ={"RECONCILER_PROOF_ACME_PASSWORD": value}, body=body(**attributes)).problems == ()


def test_a_replay_has_no_secret_that_could_be_mixed() -> None:
    assert fill(GOOD, body=body(queryParams={"q": "x${password}"})).problems == ()


def test_the_search_for_secrets_has_the_same_limit() -> None:
    assert FOUND_INSIDE == WORDLIKE
