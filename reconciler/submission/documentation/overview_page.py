"""The page about the source itself, and the list of screenshots."""

from __future__ import annotations

from reconciler.submission.documentation.markup import inline, page, table, todo, words
from reconciler.submission.documentation.parts import dated, front_matter, notes
from reconciler.submission.documentation.prerequisites import prerequisites
from reconciler.submission.documentation.subject import Subject
from reconciler.submission.documentation.ui_page import screenshots

_UP = "../../"


def overview_page(subject: Subject) -> str:
    """The page in `connectors/`."""
    label, plain, paths = subject.label, subject.plain_label, subject.paths
    return page(
        front_matter(
            subject,
            f"{plain} source overview",
            f"Learn how to connect {plain} to Adobe Experience Platform using APIs or the user interface.",
        ),
        dated(subject),
        f"# {label}",
        notes(subject, _UP),
        subject.about,
        todo(f"say in two or three short paragraphs what {words(plain)} is, and what the data is used for."),
        prerequisites(subject),
        f"## Connect {label} to Experience Platform using APIs",
        f"- [Create a dataflow for {label} using the Flow Service API]({_UP}tutorials/api/create/{paths.category}/{paths.name}.md)",
        f"## Connect {label} to Experience Platform using the UI",
        f"- [Connect {label} to Experience Platform in the UI]({_UP}tutorials/ui/create/{paths.category}/{paths.name}.md)",
    )


def images_page(subject: Subject) -> str:
    """The list of screenshots, with what reviewers ask of them."""
    rows = [(inline(file), words(shows)) for file, shows in screenshots(subject)]
    return page(
        "# Screenshots",
        "Put these files into `help/sources/images/tutorials/create/sdk/` of the documentation.",
        table(("File", "Shows"), rows),
        "- Show the whole window.\n- Mark what is selected with a rectangle in #eb1000.\n"
        "- Show no personal data, credentials or IDs of an organization.",
    )
