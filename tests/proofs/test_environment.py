"""Names of variables that a file suggests."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.proofs.environment import name_for
from reconciler.proofs.schema import ENV_NAME


@pytest.mark.parametrize(
    ("key", "name", "variable"),
    [
        ("mailchimp-members", "accessToken", "MAILCHIMP_MEMBERS_ACCESS_TOKEN"),
        ("acme.v2", "authKey1", "ACME_V_2_AUTH_KEY_1"),
        ("acme", "APIKey", "ACME_API_KEY"),
        ("", "password", "PASSWORD"),
        ("", "…", "VALUE"),
    ],
)
def test_a_name_has_the_words_of_the_key_and_the_property(key: str, name: str, variable: str) -> None:
    assert name_for(key, name) == variable


@given(st.text(), st.text())
def test_it_is_always_one_that_the_file_may_have(key: str, name: str) -> None:
    assert re.fullmatch(ENV_NAME, name_for(key, name))
