"""Parts that several pages share: front matter, notes, and tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reconciler.documents.json_text import encode
from reconciler.submission.documentation.markup import inline, note, page, sentence, table, todo, words
from reconciler.submission.documentation.subject import Parameter, Subject

API_HOST: Final = "https://platform.adobe.io/data/foundation"
NO_TEAM: Final = "*YourSource*"
NO_CONTACT: Final = "*a link or an email address*"
"""What a page says until somebody is named."""


def front_matter(subject: Subject, title: str, description: str) -> str:
    """The metadata of a page. An `exl-id` is not among them: Adobe's build adds it."""
    lines = ["---", f"title: {_yaml(title)}", f"description: {_yaml(description)}"]
    if subject.material.is_beta:
        lines.append("badge: Beta")
    day = subject.material.now_proved
    if day is not None:
        lines.append(f"last-substantial-update: {day}")
    return "\n".join([*lines, "---"])


def _yaml(text: str) -> str:
    """A string of YAML in quotes, which are those of JSON."""
    return encode(text).decode()


def dated(subject: Subject) -> str:
    """What is missing in the front matter, if anything is."""
    if subject.material.now_proved is not None:
        return ""
    return todo("add `last-substantial-update: YYYY-MM-DD` to the front matter; submit writes it from the day of the proof.")


def notes(subject: Subject, up: str) -> str:
    """The notes above a page: beta, and who maintains it. `up` is the path to `help/sources/`."""
    submission = subject.material.proof.submission
    team = submission.team if submission else None
    contact = submission.contact if submission else None
    beta = note(
        "NOTE",
        f"The {subject.label} source is in beta. For the terms of beta sources, see the "
        f"[sources overview]({up}home.md#terms-and-conditions).",
    )
    maker = f"the {words(team)} team" if team else f"the {NO_TEAM} team"
    reach = words(contact) if contact else NO_CONTACT
    important = note(
        "IMPORTANT",
        f"This page and the {subject.label} source are created and maintained by {maker}.",
        f"For questions or update requests, contact them at {reach}.",
    )
    missing = [name for name, value in (("team", team), ("contact", contact)) if not value]
    open_places = (
        todo(f"set {' and '.join(f'submission.{name}' for name in missing)} in proof.yaml, or write them above.")
        if missing
        else ""
    )
    return page(beta if subject.material.is_beta else "", important, open_places)


def credentials_table(parameters: Iterable[Parameter]) -> str:
    """The table that reviewers ask for: Credential, Description, Example."""
    rows = [
        (
            inline(item.name),
            _about(item, "where to find it, and what it is for"),
            inline(item.sample),
        )
        for item in parameters
    ]
    return table(("Credential", "Description", "Example"), rows)


def parameters_table(parameters: Iterable[Parameter]) -> str:
    """The parameters of the source."""
    rows = [
        (inline(item.name), _about(item, "what it selects"), words(item.type), "Yes" if item.is_required else "No")
        for item in parameters
    ]
    return table(("Parameter", "Description", "Type", "Required"), rows)


def _about(item: Parameter, wanted: str) -> str:
    return sentence(item.about) or f"*{wanted}*"


def undescribed(parameters: Iterable[Parameter]) -> str:
    """A place to fill in for what the spec does not describe."""
    names = [inline(item.name) for item in parameters if not item.about]
    return todo(f"describe {', '.join(names)} in the spec, or in the table above.") if names else ""
