"""Values for a trial: those of proof.yaml, of the command line and of the environment, checked against the spec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from reconciler.documents.json_text import Document, Json, NotJson, decode
from reconciler.documents.pointer import Segments
from reconciler.documents.shapes import Misfit, ShapeMistake
from reconciler.errors import Problem, Severity
from reconciler.proofs.apart import mixed
from reconciler.proofs.checking import UNCHECKED, misfits
from reconciler.proofs.entries import chosen_entry
from reconciler.proofs.environment import name_for, value_of
from reconciler.proofs.proof import ReadProof
from reconciler.proofs.properties import accepts_text, allows_others, declared, is_secret, of_others, required
from reconciler.proofs.values import FromEnvironment, Given, Proof
from reconciler.sdk.sources import STREAMING
from reconciler.secret import Secret
from reconciler.sources.source import FORM, Source
from reconciler.sources.values import Values
from reconciler.wording.guesses import did_you_mean

_AUTH_NAME: Final[Segments] = ("auth", "name")
_PARAMS: Final[Segments] = ("auth", "params")
_SOURCE: Final[Segments] = ("source",)

NO_PROOF: Final = "no-proof"
_MIXED: Final = (
    "the value of `{}` has fewer than 8 characters, and the spec mixes it with other text, so it cannot be kept out of reports"
)
_LONGER: Final = "use a longer value, or keep ${…} apart from letters, digits and expressions in the spec"
NOT_FILLED_IN: Final = "…"
"""A value that still has to be written."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The values that the command line gives: the name of the entry of `authSpec`, and properties by name."""

    auth: str | None = None
    sets: Mapping[str, str] = field(default_factory=dict, repr=False)


NOTHING_ASKED: Final = Asked()


@dataclass(frozen=True, slots=True)
class Filled:
    """The values of one trial. With an error among the problems they are not complete, and nothing may be sent."""

    values: Values
    secrets: Mapping[str, Secret]
    """Every value from the environment, by the name in proof.yaml: RECONCILER_PROOF_ and this name is the variable."""
    problems: tuple[Problem, ...]


def values_for(read: ReadProof, body: Document, asked: Asked = NOTHING_ASKED, environ: Mapping[str, str] | None = None) -> Filled:
    """The values for a trial of this body. Without `environ`, `{env: X}` becomes the secret `${X}`, so that no variable is needed.

    The problems of the proof file itself are among those of the result. If one of them is an error, nothing else is checked.
    """
    if any(problem.is_error for problem in read.problems):
        return Filled(Values(), {}, read.problems)
    proof = read.proof or Proof()
    source, notes = Source(body), _Notes(read)
    if proof.streaming is not None:
        if body.get("type") != STREAMING:
            message = f"`streaming` is for specs of type {STREAMING}"
            notes.in_file(ShapeMistake(("streaming",), "bad-value", message, "write auth and source instead"))
        return Filled(Values(), {}, tuple(notes.problems))
    try:
        entry = chosen_entry(source, proof.auth.name if asked.auth is None else asked.auth)
    except Misfit as misfit:
        notes.of_entry(misfit, is_asked=asked.auth is not None)
        return Filled(Values(), {}, notes.all())
    auth = _Form(entry.content.get("spec"), _PARAMS, entry.title)
    params = proof.auth.params if asked.auth is None else _without_others(proof.auth.params, auth, source)
    form = _Form(source.at(FORM), _SOURCE, "sourceSpec.spec")
    sets = _sets(asked.sets, (auth, form), notes)
    secrets: dict[str, Secret] = {}
    filled = [
        _resolved(_checked(each, written, sets, notes), each, environ, secrets, notes)
        for each, written in ((auth, params), (form, proof.source))
    ]
    for name in mixed(source, {**filled[1], **filled[0]}) if environ is not None else ():
        place = (*(_PARAMS if name in filled[0] else _SOURCE), name)
        notes.in_file(ShapeMistake(place, "mixed-secret", _MIXED.format(name[:80]), _LONGER))
    return Filled(Values(entry.name, *filled), secrets, notes.all())


class _Form:
    """A schema whose properties are filled in; `at` is the place of the values in proof.yaml."""

    __slots__ = ("at", "properties", "schema", "title")

    def __init__(self, schema: Json, at: Segments, title: str) -> None:
        self.schema = schema
        self.at = at
        self.title = title
        self.properties = declared(schema)

    def is_secret(self, name: str) -> bool:
        return is_secret(self.properties.get(name) or of_others(self.schema), self.schema)

    def has_default(self, name: str) -> bool:
        """Whether the form has a value for this property at first. Whether it is used is a row of the evidence table."""
        return any(isinstance(item, dict) and "default" in item for item in self.properties.get(name, ()))


class _Notes:
    """Collects the problems of one filling."""

    __slots__ = ("needs_file", "problems", "read")

    def __init__(self, read: ReadProof) -> None:
        self.read = read
        self.needs_file = False
        """Whether something is missing that only the file can give."""
        self.problems = list(read.problems)

    def of_entry(self, misfit: Misfit, *, is_asked: bool) -> None:
        if is_asked:
            self.of_option(f"--auth: {misfit}", misfit.hint)
        else:
            self.needs_file = True
            self.in_file(ShapeMistake(_AUTH_NAME, "auth-name", str(misfit), misfit.hint))

    def of_option(self, message: str, hint: str) -> None:
        self.problems.append(Problem(Severity.ERROR, "usage", message, hint=hint, key=self.read.text.key))

    def all(self) -> tuple[Problem, ...]:
        """The problems; without a file, or with comments only, just that it is needed."""
        text = self.read.text
        if self.read.proof is not None or not self.needs_file:
            return tuple(self.problems)
        others = [problem for problem in self.problems if problem.file != text.file]
        if text.data is not None:
            message, hint = (
                "nothing is filled in here: the file has only comments",
                'remove the first "# " of each line from `kind: Proof` on, and replace each `…`',
            )
            return (text.problem((), NO_PROOF, message, hint), *others)
        message = f"there is no {text.file}, and the values of this spec belong there"
        hint = f"run: reconciler new {text.key} --proof"
        return (Problem(Severity.ERROR, NO_PROOF, message, hint=hint, key=text.key), *others)

    def in_file(self, mistake: ShapeMistake, severity: Severity = Severity.ERROR) -> None:
        self.problems.append(self.read.text.problem(mistake.path, mistake.code, mistake.message, mistake.hint, severity))


def _without_others(params: Given, form: _Form, source: Source) -> Given:
    """The properties without those of other entries of `authSpec` only: the file may be written for another one than --auth names."""
    others = {name for _, entry in source.auth_specs for name in declared(entry.get("spec"))}
    return {name: value for name, value in params.items() if name in form.properties or name not in others}


def _sets(asked: Mapping[str, str], forms: tuple[_Form, ...], notes: _Notes) -> dict[str, Json]:
    """The values of --set that are allowed. A property that both forms declare is set in both."""
    found: dict[str, Json] = {}
    known = {name for form in forms for name in form.properties}
    for name, written in asked.items():
        if name not in known:
            notes.of_option(f"--set: the spec has no property {name[:80]!r}", did_you_mean(name[:80], known))
        elif any(form.is_secret(name) for form in forms):
            hint = f"write {name}: {{env: {name_for(notes.read.text.key or '', name)}}} in {notes.read.file}"
            notes.of_option(f"--set cannot give {name[:80]!r}: it is a secret, and other users can see command lines", hint)
        else:
            is_text = any(accepts_text(form.properties.get(name, ()), form.schema) for form in forms if name in form.properties)
            found[name] = written if is_text else _typed(written)
    return found


def _typed(written: str) -> Json:
    try:
        return decode(written)
    except NotJson:
        return written


def _checked(form: _Form, written: Given, sets: Mapping[str, Json], notes: _Notes) -> dict[str, Json | FromEnvironment]:
    """The values of this form, without those that are refused."""
    given: dict[str, Json | FromEnvironment] = {}
    is_open = allows_others(form.schema)
    for name, value in written.items():
        place = (*form.at, name)
        if name not in form.properties and not is_open:
            hint = did_you_mean(name[:80], form.properties) if form.properties else "remove it"
            notes.in_file(ShapeMistake(place, "unknown-property", f"{form.title} has no property {name[:80]!r}", hint))
        elif form.is_secret(name) and not isinstance(value, FromEnvironment):
            message = f"`{'.'.join(place)[:120]}` is a secret, and a file in git must not have its value"
            hint = f"write {name}: {{env: {name_for(notes.read.text.key or '', name)}}}, and revoke the value if it was committed"
            notes.in_file(ShapeMistake(place, "literal-secret", message, hint))
        elif value == NOT_FILLED_IN and name not in sets:
            message = f"`{'.'.join(place)[:120]}` is not filled in"
            notes.in_file(ShapeMistake(place, "not-filled-in", message, f"replace {NOT_FILLED_IN} with a value"))
        else:
            given[name] = value
    given |= {name: value for name, value in sets.items() if name in form.properties}
    _check_required(form, written, given, notes)
    _check_schema(form, given, notes)
    return given


def _check_required(form: _Form, written: Given, given: Mapping[str, object], notes: _Notes) -> None:
    for name in required(form.schema):
        if name in given or name in written or form.has_default(name):
            continue
        place = f"{'.'.join(form.at)} in {notes.read.file}"
        hint = f"write {name}: … under {place}, or pass --set {name}=…"
        if form.is_secret(name):
            notes.needs_file = True
            hint = f"write {name}: {{env: {name_for(notes.read.text.key or '', name)}}} under {place}"
        message = f"`{'.'.join((*form.at, name))[:120]}` is missing: {form.title} requires it"
        notes.in_file(ShapeMistake(form.at, "missing-property", message, hint))


def _check_schema(form: _Form, given: Mapping[str, Json | FromEnvironment], notes: _Notes) -> None:
    unknown = {name for name, value in given.items() if isinstance(value, FromEnvironment)}
    values = {name: f"${{{value.name}}}" if isinstance(value, FromEnvironment) else value for name, value in given.items()}
    for mistake in misfits(form.schema, values, form.at, unknown) if values else ():
        notes.in_file(mistake, Severity.WARNING if mistake.code == UNCHECKED else Severity.ERROR)


def _resolved(
    given: Mapping[str, Json | FromEnvironment],
    form: _Form,
    environ: Mapping[str, str] | None,
    secrets: dict[str, Secret],
    notes: _Notes,
) -> dict[str, Json | Secret]:
    """The values with those of the environment, which are added to the secrets."""
    values: dict[str, Json | Secret] = {}
    for name, value in given.items():
        if not isinstance(value, FromEnvironment):
            values[name] = value
            continue
        try:
            values[name] = secrets[value.name] = value_of(value, environ)
        except Misfit as misfit:
            notes.in_file(ShapeMistake((*form.at, name, "env"), "variable", str(misfit), misfit.hint))
    return values
