"""Every code that the source can print: what it passes as a `code`, or as the `id` of a check."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[2]
_PARAMETERS: Final = ("code",)
_OF_CHECKS: Final = ("code", "id", "check", "check_id")
"""In the rooms whose checks have ids."""
_WITH_CHECKS: Final = ("reconciler.diagnosis", "reconciler.submission")
_LEFT_OUT: Final = ("reconciler.emulator", "reconciler.explaining", "reconciler.disk")
"""The emulator prints codes of Adobe; numbers of the system are no codes."""


@dataclass
class Module:
    """One module: what its names stand for."""

    name: str
    tree: ast.Module
    constants: dict[str, ast.expr] = field(default_factory=dict)
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)
    functions: dict[str, int | None] = field(default_factory=dict)
    """Functions and classes by name, with the place of the code among the arguments; None if they have none."""
    methods: dict[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """Codes with a place where each is passed; and where something is passed of which the code cannot be told."""

    codes: dict[str, str]
    patterns: dict[str, str]
    """Codes that are made of parts, as `too-many-*`."""
    unclear: dict[str, str]


def codes() -> Found:
    """All codes of the package."""
    modules = {module.name: module for module in _modules()}
    found = Found({}, {}, {})
    for module in modules.values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                _of_class(module, node, found)
            elif isinstance(node, ast.Call) and (value := _passed(modules, module, node)) is not None:
                _add(modules, module, value, found, f"{module.name}:{node.lineno}")
    return found


def _of_class(module: Module, node: ast.ClassDef, found: Found) -> None:
    for part in node.body:
        value = part.value if isinstance(part, ast.Assign | ast.AnnAssign) else None
        target = part.targets[0] if isinstance(part, ast.Assign) else part.target if isinstance(part, ast.AnnAssign) else None
        is_code = isinstance(target, ast.Name) and target.id == "code"
        if is_code and isinstance(value, ast.Constant) and isinstance(value.value, str):
            found.codes.setdefault(value.value, f"{module.name}:{node.lineno}")


def _add(modules: dict[str, Module], module: Module, value: ast.expr, found: Found, place: str) -> None:
    match value:
        case ast.Constant(value=code):
            found.codes.update({code: place} if isinstance(code, str) else {})
        case ast.IfExp(body=one, orelse=other):
            _add(modules, module, one, found, place)
            _add(modules, module, other, found, place)
        case ast.JoinedStr(values=parts):
            found.patterns["".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts)] = place
        case ast.Attribute(attr="code" | "id") | ast.Name(id="code" | "check" | "check_id"):
            return  # passed on
        case ast.Name(id=name) if name in module.constants:
            _add(modules, module, module.constants[name], found, place)
        case ast.Name(id=name) if name in module.imports and module.imports[name][0] in modules:
            source, original = module.imports[name]
            _add(modules, modules[source], ast.Name(original), found, place)
        case _:
            found.unclear[f"{module.name}: {ast.unparse(value)}"] = place


def _passed(modules: dict[str, Module], module: Module, call: ast.Call) -> ast.expr | None:
    """What a call passes as a code."""
    index = _place(modules, module, call.func)
    if index is None:
        return None
    named = [keyword.value for keyword in call.keywords if keyword.arg in _parameters(module.name)]
    if named:
        return named[0]
    if 0 <= index < len(call.args) and not any(isinstance(one, ast.Starred) for one in call.args[: index + 1]):
        return call.args[index]
    return None


def _place(modules: dict[str, Module], module: Module, callee: ast.expr) -> int | None:
    match callee:
        case ast.Name(id=name) if name in module.functions:
            return module.functions[name]
        case ast.Name(id=name) if name in module.imports:
            source, original = module.imports[name]
            return modules[source].functions.get(original) if source in modules else None
        case ast.Attribute(attr=name) if name in module.methods:
            return module.methods[name]
        case ast.Attribute(attr=name):
            near = [modules[source] for source, _ in module.imports.values() if source in modules]
            found = [other.methods[name] for other in near if name in other.methods]
            return found[0] if found else None
    return None


def _modules() -> Iterator[Module]:
    for path in sorted((PROJECT / "reconciler").rglob("*.py")):
        name = ".".join(path.relative_to(PROJECT).with_suffix("").parts)
        if not name.startswith(_LEFT_OUT):
            yield _module(Module(name, ast.parse(path.read_text())))


def _module(module: Module) -> Module:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            module.imports |= {alias.asname or alias.name: (node.module, alias.name) for alias in node.names}
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            module.constants[node.targets[0].id] = node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            module.constants[node.target.id] = node.value
        elif isinstance(node, ast.FunctionDef):
            module.functions[node.name] = _index(module, _arguments(node), node)
        elif isinstance(node, ast.ClassDef):
            module.functions[node.name] = _of_constructor(module, node)
            methods = [part for part in node.body if isinstance(part, ast.FunctionDef) and not part.name.startswith("__")]
            module.methods |= {part.name: _index(module, _arguments(part)[1:], part) for part in methods}
    return module


def _of_constructor(module: Module, node: ast.ClassDef) -> int | None:
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.name == "__init__":
            return _index(module, _arguments(part)[1:], part)
    fields = [part.target.id for part in node.body if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)]
    return _index(module, fields, None)


def _index(module: Module, names: list[str], node: ast.FunctionDef | None) -> int | None:
    wanted = _parameters(module.name)
    found = [index for index, name in enumerate(names) if name in wanted]
    if found:
        return found[0]
    keywords = [argument.arg for argument in node.args.kwonlyargs] if node else []
    return -1 if any(name in wanted for name in keywords) else None


def _arguments(node: ast.FunctionDef) -> list[str]:
    return [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]


def _parameters(module: str) -> tuple[str, ...]:
    return _OF_CHECKS if module.startswith(_WITH_CHECKS) else _PARAMETERS
