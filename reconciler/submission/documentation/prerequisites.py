"""The section on what a reader needs first: an account, and credentials."""

from __future__ import annotations

from reconciler.submission.documentation.markup import page, todo, words
from reconciler.submission.documentation.parts import credentials_table, undescribed
from reconciler.submission.documentation.subject import Subject


def prerequisites(subject: Subject) -> str:
    """`## Prerequisites`, with a table for each way to authenticate."""
    return page(
        "## Prerequisites",
        f"Complete the steps below before you connect your {subject.label} account to Experience Platform.",
        todo(f"say which plan or role of {words(subject.plain_label)} is needed, and where to create the credentials."),
        "### Gather required credentials",
        _credentials(subject),
    )


def _credentials(subject: Subject) -> str:
    if subject.material.is_streaming:
        return _streaming(subject)
    parts = [f"To connect {subject.label} to Experience Platform, provide values for these credentials:"]
    entries = [entry for entry in subject.auth if entry.parameters]
    if not entries:
        return page(f"{subject.label} needs no credentials.", todo("confirm that no credential is needed, or describe authSpec."))
    for entry in entries:
        if len(entries) > 1:
            parts.append(f"#### {words(entry.name)}")
        parts += [credentials_table(entry.parameters), undescribed(entry.parameters)]
    return page(*parts)


def _streaming(subject: Subject) -> str:
    streaming = subject.material.proof.streaming
    mechanism = streaming.mechanism if streaming else None
    if mechanism == "hmac":
        encoding = streaming.encoding if streaming else "base64"
        return page(
            "Events are authenticated with HMAC.",
            "Each request carries the header `x-hmac-sha256`: the HMAC-SHA256 of the exact bytes of its body, in "
            f"{'Base64' if encoding == 'base64' else 'hexadecimal digits'}.",
            todo("say where the shared secret is entered and how it is rotated."),
        )
    if mechanism == "oauth":
        return page(
            "Events are authenticated with OAuth 2.0.",
            todo("list the scopes, and where the client ID and the client secret are entered."),
        )
    return todo("say how events are authenticated: Adobe requires OAuth 2.0 or HMAC.")
