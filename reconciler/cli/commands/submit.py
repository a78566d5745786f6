"""`reconciler submit`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from reconciler.cli.options.every_command import format_option, global_options, report_option
from reconciler.cli.shell import Shell, pass_shell

_EPILOG = """\b
Examples:
  reconciler --target stage submit mailchimp-members
  reconciler --target stage submit mailchimp-members --draft --zip mailchimp-members.zip
  reconciler --target stage submit mailchimp-members --docs ../experience-platform.en
  reconciler --target stage submit mailchimp-members --branch mailchimp-members --repo ../adobe-sources
  reconciler submit mailchimp-members --keys icon=mmIcon label=mmLabel description=mmDescription

Exit codes: 0 written, 1 error, 3 not ready and nothing written.
"""
_PAIR = re.compile(r"[A-Za-z]+=.*", re.DOTALL)


class SubmitCommand(click.Command):
    """A command whose `--keys` takes every NAME=VALUE that follows it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, list(_with_pairs(args)))


def _with_pairs(args: list[str]) -> Iterator[str]:
    is_behind = False
    for index, word in enumerate(args):
        if is_behind and _PAIR.fullmatch(word):
            yield f"--keys={word}"
            continue
        is_behind = word == "--keys" and index + 1 < len(args) and bool(_PAIR.fullmatch(args[index + 1]))
        if not is_behind:
            yield word


@click.command(cls=SubmitCommand, epilog=_EPILOG)
@click.argument("key")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Write to DIR [default: build/submission/KEY].")
@click.option("--zip", "archive", type=click.Path(path_type=Path), metavar="FILE", help="Write one zip file.")
@click.option("--branch", metavar="NAME", help="Commit the artifacts on a new branch of the clone in --repo; nothing is pushed.")
@click.option(
    "--repo", type=click.Path(path_type=Path), metavar="DIR", help="A clone of the repository that Adobe gave you access to."
)
@click.option(
    "--docs",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Also write new pages to DIR, a fork of experience-platform.en. Existing pages are kept.",
)
@click.option("--draft", is_flag=True, help="Write it although it is not ready.")
@click.option(
    "--keys", multiple=True, metavar="NAME=KEY...", help="Write the keys from Adobe into the spec file, and nothing else."
)
@format_option("text", "json", "markdown")
@report_option
@global_options
@pass_shell
def submit(shell: Shell, /, key: str, keys: tuple[str, ...], form: str, **given: Any) -> int:
    """Write what Adobe asks for before it publishes a source.

    Artifacts, a copy of the proof, pages for Adobe's documentation, and the text to send; after a table of checks. Needs no network and
    no credentials, and changes nothing in Flow Service. KEY may also be the path of the spec file.
    """
    from reconciler.cli.submitting import run_submit, write_keys

    if keys:
        return write_keys(shell, key, keys, form, given)
    return run_submit(shell, key, form, given)
