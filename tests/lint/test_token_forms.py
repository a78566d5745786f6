"""Keys and tokens that are known by their form. None is written out here, so that no scanner of secrets stumbles over this file."""

from __future__ import annotations

from base64 import b64encode

import pytest

from reconciler.errors import Severity
from reconciler.lint.secrets.token_forms import token_in
from tests.lint.files import Files, part

LETTERS = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7" * 4
LARGE = LETTERS.upper()
HEX = "0123456789abcdef" * 4
UUID = "5e8f2a91-07f4-4586-8190-b40eccef1c5a"


def login(text: str) -> str:
    return "Basic " + b64encode(text.encode()).decode()


# What it is, and its parts.
TOKENS = [
    ("a private key", "-----BEGIN ", "RSA PRIVATE ", "KEY-----"),
    ("a private key", "-----BEGIN ", "PRIVATE ", "KEY-----"),
    ("a private key", "-----BEGIN ", "OPENSSH PRIVATE ", "KEY-----"),
    ("a JSON Web Token", "ey", "J", LETTERS[:20], ".ey", "J", LETTERS[:20], ".x"),
    ("an Adobe client secret", "p8", "e-", LETTERS[:32]),
    ("an Airtable token", "pa", "t", LETTERS[:14], ".", HEX),
    ("an AWS key", "AK", "IA", "ABCDEFGHIJKLMNOP"),
    ("an AWS key", "AS", "IA", "ABCDEFGHIJKLMNOP"),
    ("an Anthropic key", "sk-ant", "-", "api03-", LETTERS[:48]),
    ("an Anthropic key", "sk-ant", "-", "admin01-", LETTERS[:48]),
    ("an Atlassian token", "ATA", "TT3", LETTERS[:80]),
    ("an Azure Storage key", "Account", "Key=", LETTERS[:86], "=="),
    ("a Brevo key", "xkey", "sib-", HEX, "-", LETTERS[:16]),
    ("a Databricks token", "da", "pi", HEX[:32]),
    ("a DigitalOcean token", "dop", "_v1_", HEX),
    *(("a GitHub token", f"gh{letter}", "_", LETTERS[:36]) for letter in "pousr"),
    ("a GitHub token", "github", "_pat_", LETTERS[:22], "_", LETTERS[:59]),
    ("a GitLab token", "gl", "pat-", LETTERS[:20]),
    ("a GitLab token", "gl", "rt-", LETTERS[:20]),
    ("a Google key", "AI", "za", LETTERS[:35]),
    ("a Google token", "ya", "29.", LETTERS[:40]),
    ("a Google client secret", "GOC", "SPX-", LETTERS[:28]),
    ("a HubSpot token", "pat-", "na1-", UUID),
    ("a HubSpot token", "pat-", "eu1-", UUID),
    ("a Hugging Face token", "h", "f_", LETTERS[:34]),
    ("a Mailchimp key", HEX[:32], "-", "us12"),
    ("a Mailgun key", "ke", "y-", HEX[:32]),
    ("a New Relic key", "NR", "AK-", LARGE[:27]),
    ("a Notion token", "sec", "ret_", LETTERS[:43]),
    ("a Notion token", "nt", "n_", LETTERS[:46]),
    ("an npm token", "np", "m_", LETTERS[:36]),
    ("an OpenAI key", "sk-proj", "-", LETTERS[:48]),
    ("an OpenAI key", "sk-proj", "-", "abcdefghijklmnopqrstuvwxyz"),
    ("an OpenAI key", "sk-svcacct", "-", LETTERS[:48]),
    ("an OpenAI key", "s", "k-", LETTERS[:48]),
    ("an OpenAI key", "s", "k-", LETTERS[:20], "T3Blbk", "FJ", LETTERS[:20]),
    ("a Postman key", "PM", "AK-", HEX[:24], "-", HEX[:34]),
    ("a PyPI token", "py", "pi-", "AgEIcHlwaS5vcmc", LETTERS[:40]),
    ("a SendGrid key", "SG", ".", LETTERS[:22], ".", LETTERS[:43]),
    *(("a Shopify token", f"shp{kind}", "_", HEX[:32]) for kind in ("at", "ca", "pa", "ss")),
    *(("a Slack token", f"xo{kind}", "-", "123456789012-abc") for kind in ("xb", "xp", "xa", "xr", "xs", "xe")),
    ("a Slack token", "xa", "pp-", "1-A012ABCDEFG-123-abc"),
    ("a Square token", "EA", "AA", LETTERS[:60]),
    ("a Square token", "sq0", "atp-", LETTERS[:22]),
    *(("a Stripe key", kind, "_live_", LETTERS[:24]) for kind in ("sk", "rk")),
    ("a Stripe secret", "wh", "sec_", LETTERS[:32]),
    ("a Twilio key", "S", "K", HEX[:32]),
    ("a Vault token", "hv", "s.", LETTERS[:24]),
]


@pytest.mark.parametrize("token", TOKENS, ids="".join)
@pytest.mark.parametrize("around", ["{}", "Bearer {}", "?key={}&a=b", "token={}", 'with "{}".'])
def test_a_token_is_known_wherever_it_stands_and_for_what_it_is(token: tuple[str, ...], around: str) -> None:
    what, *parts = token
    assert token_in(around.format("".join(parts))) == what


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a user's name and password", login("jane:hunter2")),
        ("a user's name and password", login("jane@acme.example:Größe 7")),
        ("a user's name and password", login(f"{HEX[:20]}:X")),
        ("a user's name and password", login(f"{HEX[:20]}:")),
        ("a user's name and password", login("jane:hunter22").rstrip("=").replace("Basic", "basic")),
        ("a token", f"Bearer {HEX[:24]}"),
        ("a token", f"bearer {UUID}"),
        ("a token", f"BEARER {UUID}"),
        ("a token", f"Authorization: Bearer {LETTERS[:20]}."),
    ],
)
def test_what_is_sent_to_authenticate_is_known_by_the_word_before(what: str, text: str) -> None:
    assert token_in(text) == what


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sk-learn",
        "ask-proj-management-of-the-whole-company",
        "sk-proj-management-of-the-whole-company",
        "task_live_updates_of_all_records",
        "risk-ant-colony-optimisation-of-routes",
        "sk-ant-colony-optimisation-of-all-routes",
        "AKIAH",
        "AKIA and ASIA are how keys begin",
        "SG.",
        "SG.Singapore.gov",
        "pat-na1-your-token-here",
        "eyJ is how tokens begin",
        UUID,
        HEX,
        f"key-{HEX[:16]}",
        "key-value-store",
        "https://acme.example/xoxb-",
        "xoxb-token-of-the-bot",
        "npm_config_cache_directory_of_the_build",
        "whsec_",
        "glpat-xxxxxxxxxxxxxxxxxxxx",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "sk-proj-YOUR-KEY-GOES-IN-HERE-PLEASE",
        "sk_live_" + "XXXXXXXXXXXXXXXXXXXXXXXX",
        "your-api-key-here",
        "${sk-proj-token}",
        "${token}",
        "{{access}}",
        "Bearer ${token}",
        "Bearer {{access}}",
        "Bearer <access token>",
        "Bearer YOUR_ACCESS_TOKEN_OF_V2_API",
        "Bearer 11111111-1111-1111-1111-111111111111",
        "Bearer authentication-with-tokens is what the API has",
        "Basic authentication",
        "Basic ${encoded}",
        "Basic information: name",
        login("user:password"),
        login("client_id:client_secret"),
        login("jane:${password}"),
        login("jane:your-password"),
        login("<user>:<password>"),
        login("no colon in here"),
        "Basic /////w==",
        "https://api.acme.example:8443/v1/members?since=2024-01-01",
        "https://acme.example/docs#basic-auth:examples",
    ],
)
def test_words_that_begin_like_a_token_and_placeholders_are_none(text: str) -> None:
    assert token_in(text) is None


def test_a_token_behind_a_placeholder_is_found() -> None:
    key = "gh" + "p_" + LETTERS[:36]
    assert token_in(f"not ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, but {key}") == "a GitHub token"


def test_a_token_in_a_spec_is_told_once_without_it() -> None:
    key = "sk-" + "proj-" + LETTERS[:48]
    (problem,) = Files(part(f"sourceSpec: {{attributes: {{headerParams: {{Authorization: 'Bearer {key}'}}}}}}")).problems()
    assert (problem.code, problem.severity) == ("literal-secret", Severity.ERROR)
    assert problem.message == "this looks like an OpenAI key; anyone who can read the spec or this repository can read it"
    assert key not in (problem.hint or "")


@pytest.mark.parametrize("value", ["your-api-key-here", "<paste-key>-changeme", "xxxxxxxxxxxx", "{{access_token}}"])
def test_where_a_secret_has_to_stand_is_none(value: str) -> None:
    codes = Files(part(f"sourceSpec: {{attributes: {{headerParams: {{x-api-key: '{value}'}}}}}}")).codes()
    assert "literal-secret" not in codes
