"""What can be written for each parameter that click knows no values of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import click
from click.shell_completion import CompletionItem

from reconciler.cli.shell import Shell

Values = Callable[[click.Context], Iterable[CompletionItem]]


def _folders(_context: click.Context) -> list[CompletionItem]:
    return [CompletionItem("", type="dir")]


def _files(suffix: str) -> Values:
    def files(_context: click.Context) -> list[CompletionItem]:
        return [CompletionItem(suffix, type="file")]

    return files


def _keys(context: click.Context) -> list[CompletionItem]:
    from reconciler.cli.completing.repository import spec_keys

    return _plain(spec_keys(_shell(context).scope.specs))


def _source_keys(context: click.Context) -> list[CompletionItem]:
    from reconciler.cli.completing.repository import source_keys

    return _plain(source_keys(_shell(context).scope.specs))


def _targets(context: click.Context) -> list[CompletionItem]:
    from reconciler.cli.completing.repository import target_names

    return _plain(target_names(_shell(context).scope.specs))


def _compared(context: click.Context) -> list[CompletionItem]:
    from reconciler.cli.completing.repository import group_names, target_names

    specs = _shell(context).scope.specs
    return _plain(dict.fromkeys((*target_names(specs), *group_names(specs))))


def _groups(context: click.Context) -> list[CompletionItem]:
    from reconciler.cli.completing.repository import group_names

    return _plain(group_names(_shell(context).scope.specs))


def _gates(_context: click.Context) -> list[CompletionItem]:
    return _plain(("same", "soak", "proved"))


def _keys_and_plans(context: click.Context) -> list[CompletionItem]:
    return [*_keys(context), *_files(".json")(context)]


def _keys_and_files(context: click.Context) -> list[CompletionItem]:
    return [*_keys(context), *_files("")(context)]


def _journals(context: click.Context) -> list[CompletionItem]:
    from reconciler.cli.completing.repository import journals

    try:
        kept = journals(_shell(context).scope.specs)
    except OSError:  # there are none
        kept = []
    return [*_plain(kept), *_files(".jsonl")(context)]


def _codes(_context: click.Context) -> list[CompletionItem]:
    from reconciler.explaining.registry import explanations

    titles = {row.code: row.title for row in reversed(explanations())}
    return [CompletionItem(code, help=title) for code, title in sorted(titles.items())]


def _revisions(context: click.Context) -> list[CompletionItem]:
    from reconciler.cli.completing.repository import revisions

    return _plain(revisions(_shell(context).scope.specs))


def _auth_names(context: click.Context) -> list[CompletionItem]:
    from reconciler.cli.completing.repository import auth_names

    # the words of a command line that is not finished may not be parsed into the parameter
    return _plain(auth_names(_shell(context).scope.specs, context.params.get("keys") or context.args))


def _switches(_context: click.Context) -> list[CompletionItem]:
    from dataclasses import fields

    from reconciler.emulator.switches.behaviour import Behaviour

    return _plain(f"{switch.name}=" for switch in sorted(fields(Behaviour), key=lambda switch: switch.name))


def _steps(_context: click.Context) -> list[CompletionItem]:
    from reconciler.proving.options import ALL_STEPS

    return _plain(ALL_STEPS)


def _plain(words: Iterable[str]) -> list[CompletionItem]:
    return [CompletionItem(word) for word in words]


def _shell(context: click.Context) -> Shell:
    return context.ensure_object(Shell)


_JSON: Final = _files(".json")
VALUES: Final[Mapping[str, Values | None]] = {
    "target": _targets,
    "targets": _targets,
    "excluded": _targets,
    "groups": _groups,
    "compared": _compared,
    "allow_target": _targets,
    "keys": _keys,
    "allow_create": _keys,
    "apply names": _keys_and_plans,
    "validate names": _keys_and_files,
    "convert source": _keys_and_files,
    "try keys": _source_keys,
    "prove keys": _source_keys,
    "submit key": _source_keys,
    "summary proof": _source_keys,
    "annotate proof": _source_keys,
    "check proof": _source_keys,
    "planfile": _JSON,
    "file": _JSON,
    "report": _JSON,
    "reports": _JSON,
    "trials": _JSON,
    "restore source": _journals,
    "journal": _files(".jsonl"),
    "skip_gate": _gates,
    "explain": _codes,
    "code": _codes,
    "against": _revisions,
    "try auth": _auth_names,
    "switches": _switches,
    "only": _steps,
    "skip": _steps,
    "specs": _folders,
    "base_specs": _folders,
    "submit out": _folders,
    "submit keys": None,
    "repo": _folders,
    "docs": _folders,
}
"""By parameter, or by command and parameter, which wins. None: anything can be written. What is named here wins over what click knows."""


def values_for(context: click.Context, parameter: click.Parameter) -> Values | None:
    """The values of this parameter, or None if click knows them, or if anything can be written."""
    return VALUES.get(f"{context.info_name} {parameter.name}", VALUES.get(parameter.name or ""))
