"""Each check can fail: what it refuses, what it only warns of, and that all are reported at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.errors import Problem, Severity
from reconciler.planning.tried import NEVER_TRIED, Tried, TriedOutcome
from reconciler.proofs.streaming.authentication import CASES, AuthenticationTests
from reconciler.proofs.values import Submitting
from reconciler.submission.check import Outcome
from reconciler.submission.documentation.markup import TODO
from reconciler.submission.material import Evidence, Material
from tests.submission.samples import EVIDENCE, ICON, KEY, PROOF, built, check_of, material, row_of, streaming, ui

KEYS = {"label": {"text": None, "key": "l"}, "description": {"text": None, "key": "d"}, "icon": {"key": "i"}}
BESIDE = {f"{KEY}-icon.svg": ICON}


def outcome(name: str, source: Material, *, draft: bool = False) -> tuple[str, str]:
    found = check_of(name, built(source, draft=draft))
    assert found.hint or found.outcome is Outcome.OK
    return found.outcome.value, found.said


def test_what_is_left_of_a_ready_source_is_for_people() -> None:
    submission = built()
    assert submission.ready
    assert [check.id for check in submission.checks if check.outcome is not Outcome.OK] == ["keys", "documentation"]


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("proof", material(evidence=Evidence()), "not proved in stage: there is no proof"),
        ("proof", material(evidence=replace(EVIDENCE, status="stale", reason="authSpec changed")), "stale: authSpec changed"),
        ("proof", material(evidence=replace(EVIDENCE, emulated=True)), "stage is an emulator"),
        ("pages", material(evidence=replace(EVIDENCE, pages=1)), "the proof read one page"),
        ("pages", material(evidence=replace(EVIDENCE, pages=None)), "cannot tell whether a page was turned"),
        ("pages", material(evidence=replace(EVIDENCE, emulated=True)), "cannot tell whether a page was turned"),
        ("artifacts", material(files={}), f"{KEY}-icon.svg is missing"),
        ("artifacts", material(ui(label={"text": None, "key": "l"})), f"{KEY}-label.txt is missing"),
        ("artifacts", material(ui(label={"text": " "})), "the label is empty"),
        ("artifacts", material(ui(label={"text": "two\nlines"})), "the label has more than one line"),
        ("artifacts", material(ui(label={"text": "Acme "})), "white space around it"),
        ("artifacts", material(ui(description={"text": "<b>Acme</b>"})), "the description has markup"),
        ("artifacts", material(ui(description={"text": "Acme &amp; more"})), "the description has markup"),
        ("artifacts", material(ui(description={"text": "[Acme](https://x)"})), "the description has markup"),
        ("artifacts", material(files={**BESIDE, f"{KEY}-label.txt": b"\xff\xfe"}), "is not UTF-8"),
        ("words", material(files={**BESIDE, f"{KEY}-label.txt": b"Other\n"}), "says 'Other', and the spec 'Acme Orders'"),
        ("words", material(files={**BESIDE, f"{KEY}-category.txt": b"crm\n"}), "says 'crm', and the spec 'eCommerce'"),
        ("category", material(ui(category=None)), "there is no category"),
        ("category", material(ui(category={"key": "e-commerce"})), "'e-commerce' is not a category of the catalog"),
        ("category", material(ui(category={"key": "streaming"})), "is the category of streaming sources"),
        ("category", streaming(files=BESIDE, body=material().body), "is not the category of a streaming source"),
        ("icon", material(files={}), "is missing"),
        ("icon", material(files={f"{KEY}-icon.svg": b"<svg/>"}), "its first element is not `svg`"),
        ("keys", material(proof=replace(PROOF, submission=Submitting(submitted=True))), "no key for label, description"),
        (
            "keys",
            material(ui(**{**KEYS, "label": {"key": "l"}}), proof=replace(PROOF, submission=Submitting(submitted=True))),
            "beside",
        ),
        ("spec", material(problems=(Problem(Severity.ERROR, "bad", "wrong"),)), "validate finds 1 error: wrong [bad]"),
        ("spec", material(unread=(Problem(Severity.ERROR, "link", "a link", "x.svg"),)), "x.svg: a link [link]"),
        ("spec", material(tried=Tried(TriedOutcome.FAILED, reason="gap [gap]")), "its recorded trial fails: gap [gap]"),
        ("streaming", streaming("none"), "Adobe requires OAuth 2.0 or HMAC"),
        ("streaming", streaming(proof=PROOF), "no mechanism for authentication is set"),
        ("streaming", streaming(authentication=None), "there is no valid"),
        ("streaming", streaming(authentication=AuthenticationTests("oauth")), "is about oauth, and proof.yaml about hmac"),
        ("streaming", streaming(authentication=AuthenticationTests("hmac")), "valid is missing"),
        (
            "streaming",
            streaming(authentication=AuthenticationTests("hmac", (row_of("valid", request="POST http://127.0.0.1:9/x"),))),
            "valid was not sent to Adobe",
        ),
    ],
)
def test_a_check_refuses(name: str, source: Material, said: str) -> None:
    found, words = outcome(name, source)
    assert (found, said in words) == ("refuse", True), words
    assert not built(source).ready


@pytest.mark.parametrize("case", [*CASES["hmac"], *CASES["oauth"]])
@pytest.mark.parametrize("part", ["request", "headers", "body", "status", "answer", "at", "trace", "ingested"])
def test_each_row_of_the_authentication_table_must_be_complete(case: str, part: str) -> None:
    empty: dict[str, Any] = {"headers": {}, "status": None, "answer": None, "ingested": None}
    for mechanism, cases in CASES.items():
        if case not in cases:
            continue
        rows = tuple(row_of(name, **({part: empty.get(part, "")} if name == case else {})) for name in cases)
        found, said = outcome("streaming", streaming(mechanism, authentication=AuthenticationTests(mechanism, rows)))  # type: ignore[arg-type]
        assert (found, f"{case} has no {part}" in said) == ("refuse", True)


@pytest.mark.parametrize("mechanism", ["hmac", "oauth"])
def test_a_streaming_source_whose_authentication_was_tested_is_ready(mechanism: str) -> None:
    assert built(streaming(mechanism)).ready


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("artifacts", material(ui(label={"text": "x" * 65})), "the label has 65 characters"),
        ("artifacts", material(ui(description={"text": "x" * 257})), "the description has 257 characters"),
        ("icon", material(files={f"{KEY}-icon.svg": ICON + b" " * 20_000}), "20,1"),
        ("keys", material(), "no key for label, description"),
        ("spec", material(tried=NEVER_TRIED), "its trial is unknown"),
        ("beta", material(ui(isBeta=False)), "isBeta is not true"),
        ("secrets", material(unset=("ACME_TOKEN",)), "RECONCILER_PROOF_ACME_TOKEN are not set here"),
        ("documentation", material(evidence=replace(EVIDENCE, at=None)), "no `last-substantial-update` in the front matter"),
        ("documentation", material(), "to fill in"),
    ],
)
def test_a_check_warns(name: str, source: Material, said: str) -> None:
    found, words = outcome(name, source)
    assert (found, said in words) == ("warn", True), words
    assert built(source).ready


def test_a_draft_is_only_warned_of_a_missing_proof() -> None:
    for name in ("proof", "pages"):
        assert outcome(name, material(evidence=Evidence()), draft=True)[0] == "warn"


@pytest.mark.parametrize(
    ("name", "source"),
    [
        (
            "pages",
            material({"sourceSpec": {"attributes": {"paginationParams": {"type": "NONE"}}}}, evidence=replace(EVIDENCE, pages=1)),
        ),
        ("pages", streaming(evidence=replace(EVIDENCE, pages=None))),
        ("pages", material(evidence=replace(EVIDENCE, pages=2))),
        ("keys", material(ui(**KEYS))),
        ("words", material(ui(**KEYS), files={**BESIDE, f"{KEY}-label.txt": b"Acme\n"})),
        ("artifacts", material(ui(label={"text": "x" * 64}))),
        ("artifacts", material(ui(label={"text": "A & B <3 (C#)"}))),
        ("icon", material(files={f"{KEY}-icon.svg": ICON + b" " * (20_000 - len(ICON))})),
    ],
)
def test_a_check_holds(name: str, source: Material) -> None:
    assert outcome(name, source)[0] == "ok"


def test_everything_that_is_wrong_is_reported_at_once() -> None:
    source = material(
        ui(category={"key": "x"}), files={}, evidence=Evidence(), problems=(Problem(Severity.ERROR, "bad", "wrong"),)
    )
    assert [check.id for check in built(source).refused] == ["proof", "pages", "artifacts", "category", "icon", "spec"]


PAGE = """---
title: Acme
description: Acme
badge: Beta
last-substantial-update: 2026-11-27
---

>[!IMPORTANT]
>
>Acme maintains it.
>
>Please contact us at a@b.

Short.
"""


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (PAGE.replace("---\ntitle", "title"), "no front matter"),
        (PAGE.replace("title: Acme\n", ""), "no `title` in the front matter"),
        (PAGE.replace("description: Acme\n", ""), "no `description` in the front matter"),
        (PAGE.replace("badge", "exl-id: 1\nbadge"), "an `exl-id` in the front matter"),
        (PAGE.replace("badge: Beta\n", ""), "no `badge: Beta` in the front matter"),
        (PAGE.replace("2026-11-27", "soon"), "no `last-substantial-update` in the front matter"),
        (PAGE.replace("[!IMPORTANT]", "[!NOTE]"), "no important note"),
        (PAGE.replace("contact us", "ask us"), "no contact in the important note"),
        (PAGE.replace("Acme maintains", "*YourSource* maintains"), "nobody is named in the important note"),
        (PAGE.replace("a@b", "*a link or an email address*"), "nobody is named in the important note"),
        (PAGE + "\n" + "word " * 101, "a paragraph of 504 characters"),
        (PAGE + f"\n{TODO}more\n", "1 place to fill in"),
    ],
)
def test_pages_are_checked_as_people_edited_them(page: str, said: str) -> None:
    api = f"Documentation/api/ecommerce/{KEY}.md"
    others = {path: PAGE for path in built().pages if path != api}
    assert check_of("documentation", built(existing={**others, api: PAGE})).outcome is Outcome.OK
    found = check_of("documentation", built(existing={**others, api: page}))
    assert (found.outcome, said in found.said) == (Outcome.WARN, True), found.said


def test_a_paragraph_of_500_characters_is_short_enough() -> None:
    pages = dict.fromkeys(built().pages, f"{PAGE}\n{'x' * 500}\n")
    assert check_of("documentation", built(existing=pages)).outcome is Outcome.OK


def test_the_next_step_of_a_place_to_fill_in_is_to_look_for_it() -> None:
    assert "TODO(submit)" in (check_of("documentation", built()).hint or "")
    pages = dict.fromkeys(built().pages, PAGE.replace("badge: Beta\n", ""))
    assert "TODO(submit)" not in (check_of("documentation", built(existing=pages)).hint or "")


def test_long_code_and_tables_are_no_paragraphs() -> None:
    page = PAGE + "\n```json\n" + "x" * 900 + "\n\n" + "y" * 900 + "\n```\n\n| " + "z" * 900 + " |\n"
    pages = dict.fromkeys(built().pages, page)
    assert check_of("documentation", built(existing=pages)).outcome is Outcome.OK


def test_a_secret_stops_a_draft_too() -> None:
    def finds(text: str) -> str | None:
        return "ACME_TOKEN" if "Orders of all" in text else None

    submission = built(finds=finds, draft=True)
    found = check_of("secrets", submission)
    assert (found.outcome, submission.ready) == (Outcome.REFUSE, False)
    assert "would contain the value of RECONCILER_PROOF_ACME_TOKEN" in found.said


@pytest.mark.parametrize(
    "source",
    [
        material({"description": "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"}),
        material({"sourceSpec": {"attributes": {"headerParams": {"X-Api-Key": "k9f8s7d6a5h4j3"}}}}),
        material(copies={"Proof/proof.md": b"Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x"}),
    ],
)
def test_what_looks_like_a_token_is_refused_and_not_shown(source: Material) -> None:
    found = check_of("secrets", built(source))
    assert found.outcome is Outcome.REFUSE
    for secret in ("ghp_", "k9f8s7", "eyJ"):
        assert secret not in found.said
