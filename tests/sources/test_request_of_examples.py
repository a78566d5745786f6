"""The first requests of the example specs: a newcomer's repository asks what its files say."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from reconciler.desired.load import load_desired
from reconciler.desired.tree import WorkingTree
from reconciler.documents.kinds import Kind
from reconciler.secret import Secret
from reconciler.sources.evidence import Assumptions
from reconciler.sources.messages import Request
from reconciler.sources.request import First, first_request
from reconciler.sources.source import Source
from reconciler.sources.values import Values
from reconciler.sources.window import Mode, Window

SPECS = Path(__file__).parents[2] / "specs"
BACKFILL = Window(Mode.BACKFILL, None, datetime(2026, 11, 27, tzinfo=UTC))
LATER = Window(Mode.INCREMENTAL, datetime(2026, 11, 26, tzinfo=UTC), datetime(2026, 11, 27, 12, 30, 5, tzinfo=UTC))
OAUTH, BASIC, KEY = "OAuth2 Refresh Code", "Basic Authentication", "API Key Authentication"
JSON = ("Accept", "application/json")
BEARER = (("Authorization", "Bearer T-1"), JSON)
USER = (("Authorization", "Basic dTpwOnc="), JSON)


@cache
def sources() -> dict[str, Source]:
    loaded = load_desired(WorkingTree(SPECS), "local", "specs", ("local", "prod", "stage"))
    return {spec.key: Source(spec.body) for spec in loaded.specs if spec.kind is Kind.CONNECTION_SPEC}


def first(key: str, auth: str, window: Window | None, **values: str | Secret) -> First:
    signed = {"username": "u", "password": Secret("p:w"), "accessToken": Secret("T-1"), "authKey1": Secret("k")}
    return first_request(sources()[key], Values(auth, {**signed, **values}, values), window, Assumptions())


def request(key: str, auth: str, window: Window | None, **values: str | Secret) -> Request:
    found = first(key, auth, window, **values)
    assert found.request is not None, found.findings
    return found.request


@pytest.mark.parametrize(
    ("key", "auth", "values", "url", "headers"),
    [
        (
            "acme-crm-accounts",
            OAUTH,
            {"region": "eu1"},
            "https://eu1.crm.acme.example/v1/accounts?archived=false&modifiedBefore=2026-11-27T00%3A00%3A00Z",
            BEARER,
        ),
        (
            "acme-exchange-rates",
            KEY,
            {"baseCurrency": "EUR"},
            "https://treasury.acme.example/rates/EUR/latest",
            (("X-Treasury-Key", "k"), JSON),
        ),
        (
            "acme-loyalty-members",
            BASIC,
            {"programmeId": "p/1 ü"},
            "https://loyalty.acme.example/v2/programmes/p%2F1%20%C3%BC/members?updatedTo=2026-11-27T00%3A00%3A00Z",
            USER,
        ),
        (
            "mailchimp-members",
            BASIC,
            {"domain": "us6", "listId": "9f"},
            "https://us6.api.mailchimp.com/3.0/lists/9f/members?before_last_changed=2026-11-27T00%3A00%3A00%3A0000000Z",
            USER,
        ),
        (
            "mailchimp-campaign-activity",
            OAUTH,
            {"domain": "us6", "campaignId": "c1"},
            "https://us6.api.mailchimp.com/3.0/reports/c1/email-activity?until=2026-11-27T00%3A00%3A00Z",
            BEARER,
        ),
        (
            "zendesk-organizations",
            OAUTH,
            {"subdomain": "acme"},
            "https://acme.zendesk.com/api/v2/organizations.json?page%5Bsize%5D=100&updated_before=2026-11-27T00%3A00%3A00Z",
            BEARER,
        ),
        (
            "zendesk-users",
            BASIC,
            {"subdomain": "acme"},
            (
                "https://acme.zendesk.com/api/v2/search/export?query=type:user&filter[type]=user&"
                "query=type%3Auser%20updated%20%3C%202026-11-27T00%3A00%3A00Z&filter%5Btype%5D=user"
            ),
            USER,
        ),
    ],
)
def test_a_backfill_asks_for_all_up_to_its_end(
    key: str, auth: str, values: dict[str, str], url: str, headers: tuple[tuple[str, str], ...]
) -> None:
    asked = request(key, auth, BACKFILL, **values)
    assert (asked.method, asked.url, asked.headers, asked.body) == ("GET", url, headers, None)


def test_a_post_has_a_body_and_its_default_where_no_value_is_given() -> None:
    asked = request("acme-store-orders", BASIC, LATER, tenant="north")
    assert asked.url == (
        "https://north.store.acme.example/rest/V1/orders?expand=lines"
        "&updatedFrom=2026-11-26T00%3A00%3A00Z&updatedTo=2026-11-27T12%3A30%3A05Z"
    )
    assert asked.body == {"storeCode": "all", "state": "complete"}
    assert asked.method == "POST"
    assert asked.headers == (JSON, ("Authorization", "Basic dTpwOnc="), ("Content-Type", "application/json"))


def test_a_later_run_asks_from_its_start_to_its_end() -> None:
    assert request("zendesk-users", OAUTH, LATER, subdomain="acme").url == (
        "https://acme.zendesk.com/api/v2/search/export?query=type%3Auser%20updated%20%3E%202026-11-26T00%3A00%3A00Z"
        "%20updated%20%3C%202026-11-27T12%3A30%3A05Z&filter%5Btype%5D=user"
    )


@pytest.mark.parametrize("window", [None, Window(Mode.PREVIEW, None, BACKFILL.end)])
def test_a_preview_sends_no_time(window: Window | None) -> None:
    assert request("zendesk-users", OAUTH, window, subdomain="acme").url == (
        "https://acme.zendesk.com/api/v2/search/export?query=type:user&filter[type]=user&filter%5Btype%5D=user"
    )
    assert (
        request("acme-crm-accounts", OAUTH, window, region="us2").url == "https://us2.crm.acme.example/v1/accounts?archived=false"
    )


def test_a_streaming_source_asks_nobody() -> None:
    found = first("acme-web-events", "", None)
    assert (found.request, [item.code for item in found.findings]) == (None, ["no-request"])


def test_the_parameters_that_zendesk_users_sends_twice_are_found() -> None:
    twice = [
        item.path for item in first("zendesk-users", OAUTH, BACKFILL, subdomain="acme").findings if item.code == "query-twice"
    ]
    assert [path and path[-1] for path in twice] == ["query", "filter[type]"]
    assert not first("zendesk-users", OAUTH, LATER, subdomain="acme").findings
