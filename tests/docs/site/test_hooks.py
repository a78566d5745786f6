"""How a document of the repository becomes a page of the site."""

from __future__ import annotations

import pytest

from tests.docs.console import PROJECT
from tests.docs.site.hooks import hooks

REPOSITORY = "https://git.example/acme/reconciler"
INDEX = """# Documentation

Every page.

## Start

- [Overview](../README.md): What it is.
- [GitHub](github.md): The `plan` on pull requests, with
  [an example](gitlab-ci.yml).

## Reference

- [Commands](commands.md): Every command.
"""


def test_the_index_gives_the_sections_of_the_navigation_in_order() -> None:
    listed = hooks.sections(INDEX)
    assert {heading: [(page.title, page.path) for page in pages] for heading, pages in listed.items()} == {
        "Start": [("Overview", "README.md"), ("GitHub", "docs/github.md")],
        "Reference": [("Commands", "docs/commands.md")],
    }


def test_the_index_describes_each_page_in_words_and_itself_in_its_first_sentence() -> None:
    assert hooks.descriptions(INDEX) == {
        "docs/README.md": "Every page.",
        "README.md": "What it is.",
        "docs/github.md": "The plan on pull requests, with an example.",
        "docs/commands.md": "Every command.",
    }


def test_each_page_is_listed_once() -> None:
    listed = [page.path for pages in hooks.sections((PROJECT / hooks.INDEX).read_text()).values() for page in pages]
    documents = {path.relative_to(PROJECT).as_posix() for path in (PROJECT / "docs").glob("*.md")} | set(hooks.OTHERS)
    assert sorted(listed) == sorted(documents - {hooks.INDEX})


@pytest.mark.parametrize(
    ("path", "link", "led_to"),
    [
        ("README.md", "docs/files.md#targets", "files.md#targets"),
        ("README.md", "docs/README.md", "contents.md"),
        ("README.md", "docs/plan.svg", "plan.svg"),
        ("docs/files.md", "writing.md", "writing.md"),
        ("docs/files.md", "../README.md", "index.md"),
        ("docs/files.md", "#targets", "#targets"),
        ("docs/files.md", "../specs", f"{REPOSITORY}/tree/main/specs"),
        ("docs/files.md", "../Makefile", f"{REPOSITORY}/blob/main/Makefile"),
        ("docs/files.md", "../nowhere", "../nowhere"),
        ("docs/files.md", "https://adobe.example/docs/files.md", "https://adobe.example/docs/files.md"),
        ("README.md", f"{REPOSITORY}/blob/main/docs/files.md#targets", "files.md#targets"),
        ("README.md", f"{REPOSITORY}/blob/main/Makefile", f"{REPOSITORY}/blob/main/Makefile"),
    ],
)
def test_a_link_leads_to_the_page_or_to_the_repository(path: str, link: str, led_to: str) -> None:
    assert hooks.for_the_site(f"See [`it`]({link}).\n", path, REPOSITORY) == f"See [`it`]({led_to}).\n"


@pytest.mark.parametrize("kept", ["```md\n[it](docs/files.md)\n```\n", "Write `[it](docs/files.md)`.\n"])
def test_what_a_page_shows_as_code_stays_as_it_is(kept: str) -> None:
    assert hooks.for_the_site(kept, "README.md", REPOSITORY) == kept


def test_a_comment_is_not_on_the_page() -> None:
    assert hooks.for_the_site("a\n\n<!-- run: applied -->\n```sh\n# <!-- b -->\n```\n", "README.md", REPOSITORY) == (
        "a\n\n```sh\n# <!-- b -->\n```\n"
    )


def test_a_pipe_in_the_code_of_a_table_is_shown_without_its_escape() -> None:
    table = "| a |\n| --- |\n| `x\\|y` and \\| |\n"
    assert hooks.for_the_site(table, "README.md", REPOSITORY) == "| a |\n| --- |\n| `x|y` and \\| |\n"


def test_what_is_in_an_item_is_indented_by_four() -> None:
    written = "1. One:\n\n   ```sh\n   a\n     b\n   ```\n2. Two\n\nEnd\n   of it\n"
    assert hooks.widened(written) == "1. One:\n\n    ```sh\n    a\n      b\n    ```\n\n2. Two\n\nEnd\n   of it\n"


def test_a_copy_button_takes_the_commands_and_not_what_they_print() -> None:
    block = '<div class="language-console highlight"><pre><span>$ </span>a &lt;b \\\n    c\nprinted\n$ d\n</pre></div>'
    assert hooks.copied(block) == block.replace('highlight">', 'highlight" data-copy="a &lt;b \\&#10;    c&#10;d">')


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("plan --dry-run -v", 'plan <span class="unbroken">--dry-run</span> <span class="unbroken">-v</span>'),
        ("oauth2-code", "oauth2-code"),
    ],
)
def test_an_option_stays_in_one_line(code: str, shown: str) -> None:
    assert hooks.unbroken(f"<p><code>{code}</code> --not-code</p>") == f"<p><code>{shown}</code> --not-code</p>"


def test_the_repository_is_the_one_that_the_package_names() -> None:
    assert hooks.repository_of('[project.urls]\nRepository = "https://git.example/acme/reconciler.git"\n') == REPOSITORY
