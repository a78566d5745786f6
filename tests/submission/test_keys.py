"""Adobe's keys go into the spec file in place: nothing else of the file changes."""

from __future__ import annotations

import pytest

from reconciler.desired.load import load_desired
from reconciler.desired.tree import GivenFiles
from reconciler.errors import UsageError
from reconciler.submission.keys import KeysWritten, checked_keys, with_keys
from reconciler.submission.selection import source_to_submit

SPEC = """\
# Acme
kind: ConnectionSpec
key: acme
overlays:
  prod: {sourceSpec: {attributes: {uiAttributes: {label: {text: Acme (prod)}}}}}
  stage: {name: Acme stage}
spec:
  name: Acme
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  version: "1.0"
  sourceSpec:
    attributes:
      uiAttributes:
        isSource: true
        icon: {key: old} # from the first round
        label: {text: Acme} # the title
        description:
          # the sentence
          text: Orders
"""
PATH = "sources/acme/connection-spec.yaml"
KEYS = {"icon": "acmeIcon", "label": "acmeLabel", "description": "acmeDescription"}


def written(text: str = SPEC, keys: dict[str, str] | None = None, path: str = PATH, key: str = "acme") -> KeysWritten:
    tree = GivenFiles({path: text.encode()})
    return with_keys(tree, source_to_submit(load_desired(tree, "stage", "specs", ("stage", "prod")), key), keys or KEYS)


def test_each_text_becomes_a_key_on_its_own_line() -> None:
    expected = SPEC.replace("{key: old}", "{key: acmeIcon}").replace("{text: Acme} #", "{key: acmeLabel} #")
    expected = expected.replace("text: Orders", "key: acmeDescription")
    assert (written().data or b"").decode() == expected


def test_a_file_that_has_the_keys_is_left_alone() -> None:
    once = written().data
    assert once is not None
    assert written(once.decode()).data is None


def test_an_overlay_that_sets_one_of_them_is_named() -> None:
    assert written().kept == ("prod",)


def test_only_what_was_given_changes() -> None:
    assert (written(keys={"icon": "acmeIcon"}).data or b"").decode() == SPEC.replace("{key: old}", "{key: acmeIcon}")


def test_a_text_beside_a_key_goes() -> None:
    text = SPEC.replace("{text: Acme}", "{text: Acme, key: old}")
    assert "label: {key: acmeLabel} # the title" in (written(text).data or b"").decode()


def test_a_spec_without_labels_gets_them() -> None:
    text = SPEC[: SPEC.index("        icon")]
    found = (written(text).data or b"").decode()
    assert found.startswith(text)
    assert next(line.strip() for line in found.removeprefix(text).splitlines()).startswith("icon:")


def test_an_artifact_has_its_keys_in_the_body() -> None:
    body = """{"name": "A", "providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a", "version": "1.0",
  "sourceSpec": {"attributes": {"uiAttributes": {"label": {"text": "Acme"}}}}}
"""
    found = written(body, {"label": "acmeLabel"}, "sources/acme/acme-connectionSpec.json")
    assert (found.data or b"").decode() == body.replace('"text": "Acme"', '"key": "acmeLabel"')


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([("logo", "x")], "unknown field 'logo'"),
        ([("icon", "a"), ("icon", "b")], "icon was given twice"),
        ([("icon", "")], "'' cannot be a key for icon"),
        ([("icon", "a b")], "'a b' cannot be a key for icon"),
        ([("icon", "1a")], "'1a' cannot be a key for icon"),
        ([("label", "x" * 129)], "cannot be a key for label"),
        ([], "--keys has no key"),
    ],
)
def test_what_cannot_be_a_key_is_refused(pairs: list[tuple[str, str]], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        checked_keys(iter(pairs))
    assert said in caught.value.message
    assert caught.value.hint


def test_a_field_without_a_key_leads_to_the_form_of_both() -> None:
    with pytest.raises(UsageError) as caught:
        checked_keys(iter([("icon", "")]))
    assert (caught.value.hint or "").startswith("write icon=KEY;")


def test_a_body_with_an_alias_is_changed_or_left_whole() -> None:
    text = SPEC.replace("isSource: true", "isSource: &yes true\n        isPreview: *yes")
    assert "isPreview: *yes" in (written(text).data or b"").decode()
