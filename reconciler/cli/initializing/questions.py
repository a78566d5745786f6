"""What `init` asks for, and the options that answer it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reconciler.authoring.setup.files import RealTarget, settings_text
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.output import tell
from reconciler.cli.terminal.questions import Questions
from reconciler.desired.git.remote import Remote
from reconciler.documents.shapes import Misfit
from reconciler.errors import UsageError
from reconciler.reports.sinks.text import Text
from reconciler.sessions.setting_up import VisibleSandboxes, file_in
from reconciler.settings.credentials import has_credentials
from reconciler.settings.schema import check_owner, check_target_name
from reconciler.settings.targets import check_org_id, check_sandbox

_BRANCH: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,199}")
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class NewSettings:
    """The settings to write, and the target in them; None if there is only an emulator."""

    text: str
    target: RealTarget | None


@dataclass(frozen=True, slots=True)
class Asking:
    """The questions, and the options that answer them."""

    shell: Shell
    given: Mapping[str, Any]
    questions: Questions
    remote: Remote

    def settings(self) -> NewSettings:
        """The settings. Raises UsageError."""
        repository = self._repository()
        target = self._target()
        return NewSettings(settings_text(repository, target), target)

    def branch(self) -> str:
        """The default branch. Raises UsageError."""

        def check(text: str) -> None:
            if not _BRANCH.fullmatch(text):
                raise UsageError(f"{text[:80]!r} is not a valid branch", hint="write its name, such as main")

        return self.questions.text(self.given["branch"], "Default branch", self.remote.branch or "main", check)

    def _repository(self) -> str:
        if self.given["repository"] is None and self.remote.repository is None and not self.questions.asking:
            raise UsageError("the repository has no remote with a name", hint="use --repository owner/name")
        check = _checking(check_owner, "--repository" if self.given["repository"] else None)
        return self.questions.text(self.given["repository"], "Repository (owner/name)", self.remote.repository or "", check)

    def _target(self) -> RealTarget | None:
        """The first real target; None without an organization or a sandbox."""
        file = file_in(self.shell.environ, self.shell.scope.target)
        org_id = self._org_id(file.org_id if file else None)
        if not org_id:
            return None
        sandbox = self._sandbox(org_id, file.sandbox if file else None)
        if not sandbox:
            return None
        name = self.shell.scope.target or sandbox
        _checking(check_target_name, "--target")(name)
        return RealTarget(name, org_id, sandbox)

    def _org_id(self, in_file: str | None) -> str:
        given, is_wanted = self.given["org_id"], bool(self.given["sandbox"])
        if not self.questions.asking and given is None and not (is_wanted and in_file):
            if is_wanted:
                raise UsageError("--sandbox requires an organization", hint="use --org-id 1234567890@AdobeOrg")
            return ""
        question = "Organization id (empty for an emulator only)"
        return self.questions.text(
            given, question, in_file or "", _or_empty(_checking(check_org_id, "--org-id" if given else None))
        )

    def _sandbox(self, org_id: str, in_file: str | None) -> str:
        given = self.given["sandbox"]
        check = _checking(check_sandbox, "--sandbox" if given else None)
        if given is not None or not self.questions.asking:
            if given is None:
                raise UsageError("--org-id requires a sandbox", hint="use --sandbox NAME")
            return self.questions.text(given, "", "", check)
        if not has_credentials(self.shell.environ, self.shell.scope.target):
            return self.questions.text(None, "Sandbox (empty for an emulator only)", in_file or "", _or_empty(check))
        seen = self.shell.sessions.sandboxes(org_id, self.shell.scope.target, self.shell.signals.stop)
        _show(seen)
        default = in_file or next((sandbox.name for sandbox in seen.found if sandbox.type == "development"), "")
        return self.questions.text(None, "Sandbox (empty for an emulator only)", default, _or_empty(check))


def _show(seen: VisibleSandboxes) -> None:
    """The sandboxes to choose from, or why there are none."""
    text = Text()
    if seen.found:
        text.line("sandboxes that these credentials can use:")
        for sandbox in seen.found[:_SHOWN]:
            text.line("  ".join(part for part in (sandbox.name, sandbox.type, sandbox.title) if part), indent=2)
        if len(seen.found) > _SHOWN:
            text.line(f"and {len(seen.found) - _SHOWN} more", indent=2)
    else:
        text.line(f"the sandboxes cannot be listed: {seen.why_not or 'these credentials can use none'}")
    tell(text.render())


def _checking(check: Callable[[str], str], option: str | None) -> Callable[[str], None]:
    """The check of a value; `option` is where it was given, None for an answer."""

    def checked(text: str) -> None:
        try:
            check(text)
        except Misfit as misfit:
            raise UsageError(f"{option}: {misfit}" if option else str(misfit), hint=misfit.hint) from None

    return checked


def _or_empty(check: Callable[[str], None]) -> Callable[[str], None]:
    return lambda text: check(text) if text else None
