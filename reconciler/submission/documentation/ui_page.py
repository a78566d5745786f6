"""The page on connecting the source in the user interface."""

from __future__ import annotations

from reconciler.sdk.catalog import CATEGORIES
from reconciler.submission.documentation.markup import inline, page, table, todo, words
from reconciler.submission.documentation.parts import dated, front_matter, notes, parameters_table
from reconciler.submission.documentation.prerequisites import prerequisites
from reconciler.submission.documentation.subject import Subject

_UP = "../../../../"


def screenshots(subject: Subject) -> tuple[tuple[str, str], ...]:
    """The file names of the screenshots that the page shows, and what each of them shows."""
    name, plain = subject.paths.name, subject.plain_label
    first = ((f"{name}-catalog.png", f"The sources catalog with the card of {plain}."),)
    if subject.material.is_streaming:
        return (
            *first,
            (f"{name}-select-data.png", "The step in which a sample of an event is uploaded."),
            (f"{name}-mapping.png", "The mapping of the event's fields to the schema."),
            (f"{name}-endpoint.png", "The dataflow with its streaming endpoint."),
        )
    return (
        *first,
        (f"{name}-new-account.png", "The form for a new account, filled in."),
        (f"{name}-select-data.png", "The preview of the first records."),
        (f"{name}-mapping.png", "The mapping of the records' fields to the schema."),
    )


def ui_page(subject: Subject) -> str:
    """The whole page."""
    label, plain = subject.label, subject.plain_label
    return page(
        front_matter(
            subject,
            f"Connect {plain} to Experience Platform in the UI",
            f"Learn how to connect {plain} to Adobe Experience Platform in the user interface.",
        ),
        dated(subject),
        f"# Connect {label} to Experience Platform in the UI",
        notes(subject, _UP),
        f"This tutorial shows how to ingest data from {label} to Experience Platform in the user interface.",
        prerequisites(subject),
        f"## Connect your {label} account",
        f"In the Experience Platform UI, select **[!UICONTROL Sources]**, then the category **[!UICONTROL {_category(subject)}]**.",
        f"On the card of {label}, select **[!UICONTROL {'Add data' if subject.material.is_streaming else 'Set up'}]**.",
        _shot(subject, 0),
        *(_streaming(subject) if subject.material.is_streaming else _batch(subject)),
        "## Next steps",
        f"You have created a dataflow for {label}. To see its runs, read "
        f"[monitor dataflows]({_UP}../dataflows/ui/monitor-sources.md).",
        todo("take the screenshots that images/README.md lists."),
    )


def _category(subject: Subject) -> str:
    return words(CATEGORIES.get(subject.artifacts.category or "", subject.artifacts.category or "your category"))


def _batch(subject: Subject) -> tuple[str, ...]:
    entries = [entry for entry in subject.auth if entry.parameters]
    fields = [(words(entry.name), ", ".join(inline(item.name) for item in entry.parameters)) for entry in entries]
    return (
        "Select **[!UICONTROL New account]**, enter a name and your credentials, then select **[!UICONTROL Connect to source]**.",
        table(("Authentication", "Fields"), fields) if fields else "",
        _shot(subject, 1),
        "## Select data",
        "Enter the parameters of the source." if subject.parameters else "",
        parameters_table(subject.parameters) if subject.parameters else "",
        "The preview shows the first records. Select **[!UICONTROL Next]**.",
        _shot(subject, 2),
        "## Map the data and set a schedule",
        "Select a dataset, map the fields of the records to those of its schema, and set how often the dataflow runs.",
        _shot(subject, 3),
    )


def _streaming(subject: Subject) -> tuple[str, ...]:
    return (
        "## Select data",
        "Upload a sample of an event as JSON. Its fields are those that you map later.",
        _shot(subject, 1),
        "## Map the data",
        "Create a dataset, and map the fields of the event to those of its schema.",
        _shot(subject, 2),
        "## Get your streaming endpoint URL",
        f"Review and finish the dataflow. Its properties show the streaming endpoint: copy it to the webhook of {subject.label}.",
        _shot(subject, 3),
    )


def _shot(subject: Subject, number: int) -> str:
    file, shows = screenshots(subject)[number]
    return f"![{words(shows)}]({_UP}images/tutorials/create/sdk/{file})"
