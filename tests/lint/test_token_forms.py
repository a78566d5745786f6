"""Keys and tokens that are known by their form. None is written out here, so that no scanner of secrets stumbles over this file."""

from __future__ import annotations

import pytest

from .files import Files, part

LETTERS = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7" * 4
HEX = "0123456789abcdef" * 4
UUID = "5e8f2a91-07f4-4586-8190-b40eccef1c5a"


@pytest.mark.parametrize(
    "parts",
    [
        ("sk-proj", "-", LETTERS[:48]),
        ("sk-ant", "-", "api03-", LETTERS[:48]),
        ("sk", "_live_", LETTERS[:24]),
        ("AK", "IA", "ABCDEFGHIJKLMNOP"),
        ("AS", "IA", "ABCDEFGHIJKLMNOP"),
        ("AI", "za", LETTERS[:35]),
        ("ya", "29.", LETTERS[:40]),
        ("gh", "p_", LETTERS[:36]),
        ("gl", "pat-", LETTERS[:20]),
        ("xo", "xb-", "123456789012-abc"),
        ("SG", ".", LETTERS[:22], ".", LETTERS[:43]),
        (HEX[:32], "-", "us12"),
        ("S", "K", HEX[:32]),
        ("sh", "pat_", HEX[:32]),
        ("pat-", "na1-", UUID),
        ("np", "m_", LETTERS[:36]),
        ("p8", "e-", LETTERS[:32]),
        ("ey", "J", LETTERS[:20], ".ey", "J", LETTERS[:20], ".x"),
        ("-----BEGIN ", "RSA PRIVATE ", "KEY-----"),
    ],
    ids="".join,
)
@pytest.mark.parametrize("around", ["{}", "Bearer {}", "?key={}&a=b", "token={}"])
def test_a_token_is_known_wherever_it_stands(parts: tuple[str, ...], around: str) -> None:
    token = around.format("".join(parts))
    assert "literal-secret" in Files(part(f"description: '{token}'")).codes()


@pytest.mark.parametrize(
    "text",
    [
        "sk-learn",
        "ask-proj-management-of-the-whole-company",
        "task_live_updates_of_all_records",
        "risk-ant-colony-optimisation-of-routes",
        "AKIAH",
        "SG.",
        "pat-na1-your-token-here",
        "eyJ is how tokens begin",
        UUID,
        HEX,
        f"key-{HEX[:16]}",
        "https://acme.example/xoxb-",
        "${sk-proj-token}",
    ],
)
def test_words_that_begin_like_a_token_are_none(text: str) -> None:
    assert "literal-secret" not in Files(part(f"description: '{text}'")).codes()
