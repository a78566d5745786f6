from __future__ import annotations

import pytest

from reconciler.sources.answers.statuses import hint_for


@pytest.mark.parametrize("pages", [0, 3])
def test_an_error_of_the_server_may_pass(pages: int) -> None:
    assert [str(hint_for(status, pages)).partition(";")[0] for status in (500, 503, 599)] == ["try again later"] * 3


def test_an_error_of_the_first_request_is_about_the_spec_and_a_later_one_about_the_pagination() -> None:
    assert hint_for(404, 0) == "check host and path of urlParams, and the values in them"
    assert "behind the last page" in str(hint_for(404, 1))
    assert hint_for(405, 0) == hint_for(501, 0) == "check urlParams.method"
    assert hint_for(416, 0) is None
    assert "behind the last page" in str(hint_for(416, 1))


def test_a_status_that_is_the_same_on_every_page_has_the_same_hint_there() -> None:
    assert hint_for(405, 0) == hint_for(405, 2) == "check urlParams.method"


def test_any_other_status_has_the_general_hint() -> None:
    assert (hint_for(499, 0), hint_for(418, 2)) == (None, None)
