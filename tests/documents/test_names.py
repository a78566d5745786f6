"""What a name cannot have in it, and what it can, though it is no plain letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.names import folded_name, name_faults, name_without_faults, without_faults_at_ends


@pytest.mark.parametrize(
    ("character", "called"),
    [
        ("\0", "U+0000 (null)"),
        ("\t", "U+0009 (tab)"),
        ("\n", "U+000A (line feed)"),
        ("\r", "U+000D (carriage return)"),
        ("\x1b", "U+001B (escape)"),
        ("\x01", "U+0001 (a control character)"),
        ("\x7f", "U+007F (delete)"),
        ("\x85", "U+0085 (next line)"),
        ("\x9b", "U+009B (a control character)"),
        ("\u2028", "U+2028 (line separator)"),
        ("\u2029", "U+2029 (paragraph separator)"),
        ("\u200e", "U+200E (left-to-right mark)"),
        ("\u202e", "U+202E (right-to-left override)"),
        ("\u2066", "U+2066 (left-to-right isolate)"),
        ("\u061c", "U+061C (arabic letter mark)"),
        ("\u200b", "U+200B (zero width space)"),
        ("\u200c", "U+200C (zero width non-joiner)"),
        ("\u200d", "U+200D (zero width joiner)"),
        ("\u2060", "U+2060 (word joiner)"),
        ("\ufeff", "U+FEFF (zero width no-break space)"),
        ("\xad", "U+00AD (soft hyphen)"),
        ("\u3164", "U+3164 (hangul filler)"),
        ("\U000e0041", "U+E0041 (tag latin capital letter a)"),
        ("\ud800", "U+D800 (a control character)"),
    ],
)
def test_a_name_cannot_have_what_is_not_seen(character: str, called: str) -> None:
    assert name_faults(f"Mail{character}Chimp") == (f"{called} at character 5",)


def test_each_fault_is_told_in_order() -> None:
    assert name_faults("\tMail\u200b") == ("U+0009 (tab) at character 1", "U+200B (zero width space) at character 6")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "MailChimp Members (v2) für Größen",
        " two  spaces ",
        "no-break\xa0space",
        "顧客一覧",
        "Клиенты",
        "نمی\u200cخوریم",  # Persian writes with a non-joiner
        "क\u094d\u200dष",  # and Hindi with a joiner
        "Team \U0001f469\u200d\U0001f4bb",  # as emoji do
        "\u2764\ufe0f Donors",
        "e\u0301tude",
    ],
)
def test_a_name_of_any_script_is_in_order(name: str) -> None:
    assert name_faults(name) == ()


@pytest.mark.parametrize("name", ["\u200dمی", "می\u200c", "می\u200c\u200cخ", "می\u200c خ"])
def test_a_joiner_that_joins_nothing_is_a_fault(name: str) -> None:
    assert name_faults(name)


@pytest.mark.parametrize(
    ("name", "plain"),
    [("\ufeffMembers\r\n", "Members"), (" \t Mem\tbers \u200b ", "Mem\tbers"), ("\t\n", ""), ("", ""), ("Members", "Members")],
)
def test_what_is_not_seen_at_the_ends_can_be_taken_off(name: str, plain: str) -> None:
    assert without_faults_at_ends(name) == plain


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Mail\tChimp\r\nMembers\n", "Mail Chimp Members"),
        ("Mail\u200bChimp\u202e  Members\x07", "MailChimp Members"),
        ("Mail\xa0Chimp", "Mail Chimp"),
        ("\u200b\t", ""),
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
    ],
)
def test_a_name_can_be_said_as_it_reads(name: str, plain: str) -> None:
    assert name_without_faults(name) == plain


@given(st.text(st.sampled_from("aB \t\n\u200b\u200c\u202e\xa0مक\U0001f469"), max_size=12))
def test_a_name_without_faults_at_its_ends_has_no_more_to_take_off(name: str) -> None:
    plain = without_faults_at_ends(name)
    assert without_faults_at_ends(plain) == plain
    assert plain in name


@given(st.text(st.sampled_from("aB \t\n\u200b\u200c\u202e\xa0مک\U0001f469"), max_size=12))
def test_a_name_as_it_reads_has_no_faults(name: str) -> None:
    assert name_faults(name_without_faults(name)) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Caf\u00e9", "Cafe\u0301"),
        ("Acme", "Acme "),
        ("Acme", "ACME"),
        ("Acme Orders", "Acme\u00a0 Orders"),
        ("Acme Orders", "Acme\tOrders"),
        ("Acme", "\uff21cme"),
        ("Acme", "Ac\u200bme"),
        ("Acme", "\ufeffAcme"),
        ("Stra\u00dfe", "STRASSE"),
        ("\u039f\u03a3", "\u03bf\u03c2"),
        ("\ufb01x", "FIX"),
    ],
)
def test_names_that_read_alike_are_folded_into_one(one: str, other: str) -> None:
    assert folded_name(one) == folded_name(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Acme 1", "Acme 2"), ("AcmeOrders", "Acme Orders"), ("Caf\u00e9", "Cafe"), ("", "a")]
)
def test_names_that_read_otherwise_stay_apart(one: str, other: str) -> None:
    assert folded_name(one) != folded_name(other)


@given(st.text())
def test_a_folded_name_is_folded(name: str) -> None:
    assert folded_name(folded_name(name)) == folded_name(name)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_letters_are_folded_as_all_others_are(name: str) -> None:
    assert folded_name(name + "\u200b") == folded_name(name)
