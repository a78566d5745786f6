"""What the pages say is there, is there: commands with their options, links, names of variables and workflows, messages."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path

import click
import pytest

from reconciler.cli.commands.github import COMMANDS as GITHUB_COMMANDS
from reconciler.cli.commands.gitlab import COMMANDS as GITLAB_COMMANDS
from reconciler.cli.entry import open_sessions
from reconciler.cli.root import COMMANDS, root
from reconciler.cli.shell import Shell
from reconciler.settings.loading import load_settings
from reconciler.settings.targets import variable
from reconciler.settings.values import GitUse, Network, Safety

PROJECT = Path(__file__).parents[2]
PAGES = [*sorted(PROJECT.glob("*.md")), *sorted((PROJECT / "docs").glob("*.md"))]
TEMPLATES = "reconciler/authoring/templates/github"
COLUMNS = 100
EXAMPLE_TARGETS = ("stage", "prod", "other-prod")
_BLOCK = re.compile(r"^ *```(?P<language>\w*)\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?P<path>[^)#\s]*)(?:#(?P<anchor>[^)\s]+))?\)")
_HEADING = re.compile(r"^#+ (?P<words>.+)$", re.MULTILINE)
_MESSAGE = re.compile(r"^\| `(?P<message>[^`]+)` \|", re.MULTILINE)


def commands(page: Path) -> list[str]:
    """The lines of shell blocks that run the tool, without what is not its own."""
    prompts = {"console": "$ reconciler ", "sh": "reconciler "}
    blocks = [found for found in _BLOCK.finditer(page.read_text()) if found["language"] in prompts]
    lines = [
        line.removeprefix("$ ")
        for block in blocks
        for line in block["text"].replace("\\\n", " ").splitlines()
        if line.startswith(prompts[block["language"]]) and not line.endswith(" --version")
    ]
    return [re.split(r" *(?:[;|>]|&&|\s#) *", line)[0] for line in lines]


def prose(page: Path) -> str:
    """A page without its blocks."""
    return _BLOCK.sub("", page.read_text())


@cache
def sources(folder: str, pattern: str) -> str:
    return "\n".join(path.read_text() for path in sorted((PROJECT / folder).rglob(pattern)))


@cache
def strings_of_the_code() -> tuple[str, ...]:
    """Every string in the code except docstrings; in an f-string, `…` stands for each value."""
    trees = [ast.parse(path.read_text()) for path in sorted((PROJECT / "reconciler").rglob("*.py"))]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    return tuple(text for node in nodes if id(node) not in docstrings and (text := _string(node)) is not None)


def _string(node: ast.AST) -> str | None:
    if isinstance(node, ast.JoinedStr):
        return "".join(_string(part) or "…" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def parse(words: list[str], command: click.Command = root, parent: click.Context | None = None) -> click.Context:
    """Parse a command line as the command would, and run nothing. Raises click.ClickException."""
    if not isinstance(command, click.Group):
        return command.make_context(command.name, words, parent=parent)
    obj = None if parent else Shell({}, open_sessions)
    context = click.Context(command, parent, obj=obj, **command.context_settings)  # else commands keep a help option without -h
    _, rest, _ = command.make_parser(context).parse_args(words)
    _, found, rest = command.resolve_command(context, rest)
    assert found is not None
    return parse(rest, found, context)


def anchors(page: Path) -> set[str]:
    """The headings of a page, as GitHub makes anchors of them."""
    words = [found["words"].lower() for found in _HEADING.finditer(prose(page))]
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in words}


def known_variables() -> Iterator[str]:
    """Those that code or workflows name, and those of a target that are made of its name."""
    parts = ("CLIENT_ID", "CLIENT_SECRET", "ACCESS_TOKEN", "API_KEY", "CREDENTIALS", "org_id", "sandbox", "base_url", "token_url")
    assert all(f'"{part}"' in sources("reconciler/settings", "*.py") for part in parts)
    yield from re.findall(
        r"\bRECONCILER_[A-Z_]+", sources("reconciler", "*.py") + sources(".github", "*.yml") + sources(TEMPLATES, "*.yml")
    )
    yield from (variable(target, part) for target, part in product(EXAMPLE_TARGETS, parts))


@pytest.mark.parametrize("line", sorted({line for page in PAGES for line in commands(page)}))
def test_a_command_line_of_the_docs_parses(line: str) -> None:
    assert parse(shlex.split(line)[1:]).command.name in {*COMMANDS, "comment", "gate"}


def test_a_command_line_with_an_option_that_is_not_there_does_not_parse() -> None:
    with pytest.raises(click.NoSuchOption):
        parse(["--target", "stage", "restore", "journal.jsonl", "--dry-runn"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    local = [found for found in _LINK.finditer(prose(page)) if not re.match(r"\w+:", found["path"])]
    for found in local:
        led_to = (page.parent / found["path"]).resolve() if found["path"] else page
        assert led_to.exists(), found[0]
        assert found["anchor"] is None or found["anchor"] in anchors(led_to), found[0]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_variables_that_a_page_names_are_known(page: Path) -> None:
    named = set(re.findall(r"\bRECONCILER_[A-Z_]*[A-Z]\b", page.read_text()))
    chosen = {name for name in named if name.startswith("RECONCILER_PROOF_")}  # their names are the user's
    assert named - chosen - set(known_variables()) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_workflows_that_a_page_names_are_there(page: Path) -> None:
    named = set(re.findall(r"(?<![\w.-])[a-z-]+\.yml", page.read_text())) - {"gitlab-ci.yml", "azure-pipelines.yml", "action.yml"}
    folders = (PROJECT / ".github" / "workflows", PROJECT / TEMPLATES)
    assert named <= {path.name for folder in folders for path in folder.iterdir()}


def test_each_command_has_a_line_in_the_table_of_commands() -> None:
    (table,) = re.findall(r"\| command \| description \|\n(?:\|.*\n)+", (PROJECT / "docs" / "commands.md").read_text())
    assert set(re.findall(r"^\| `([a-z]+)", table, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize(("group", "subcommands"), [("github", GITHUB_COMMANDS), ("gitlab", GITLAB_COMMANDS)])
def test_the_line_of_a_group_names_its_commands(group: str, subcommands: Mapping[str, str]) -> None:
    (line,) = re.findall(rf"^\| `{group} …` \| (.*) \|$", (PROJECT / "docs" / "commands.md").read_text(), re.MULTILINE)
    assert set(re.findall(r"`([a-z-]+)`", line)) == set(subcommands)


def test_the_settings_that_a_page_shows_are_the_defaults(tmp_path: Path) -> None:
    block = next(found for found in _BLOCK.finditer((PROJECT / "docs" / "files.md").read_text()) if found["language"] == "yaml")
    (tmp_path / "reconciler.yaml").write_text(block["text"])
    settings = load_settings(tmp_path)
    assert (settings.safety, settings.network, settings.git) == (Safety(), Network(), GitUse())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_targets_of_make_that_a_page_names_are_there(page: Path) -> None:
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(), re.MULTILINE))
    assert named <= set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))


def test_the_index_has_every_page_of_docs() -> None:
    index = PROJECT / "docs" / "README.md"
    linked = {found["path"] for found in _LINK.finditer(index.read_text())}
    assert {page.name for page in index.parent.glob("*.md")} - {index.name} <= linked


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_code_lines_of_a_page_fit(page: Path) -> None:
    lines = [line for found in _BLOCK.finditer(page.read_text()) for line in found["text"].splitlines()]
    assert [line for line in lines if len(line) > COLUMNS] == []


def test_the_lines_of_the_gitlab_example_fit() -> None:
    lines = (PROJECT / "docs" / "gitlab-ci.yml").read_text().splitlines()
    assert [line for line in lines if len(line) > COLUMNS] == []


@pytest.mark.parametrize(
    "message", _MESSAGE.findall((PROJECT / "docs" / "github.md").read_text().split("## When something goes wrong")[1])
)
def test_a_message_that_is_explained_is_one_of_the_tool_s(message: str) -> None:
    parts = [part for part in re.split(r" ?… ?", message) if part.strip(" :#")]
    assert parts
    in_order = re.compile(".*".join(map(re.escape, parts)), re.DOTALL)
    assert any(in_order.search(text) for text in strings_of_the_code())
