from __future__ import annotations

import pytest

from reconciler.authoring.importing.naming import check_key_is_free, key_from_name
from reconciler.desired.specs import DesiredSet
from reconciler.documents.kinds import Kind
from reconciler.errors import UsageError


@pytest.mark.parametrize(
    ("name", "key"), [("Con", "con-spec"), ("NUL", "nul-spec"), ("com1", "com1-spec"), ("Console", "console")]
)
def test_a_name_that_windows_keeps_for_a_device_is_no_key(name: str, key: str) -> None:
    assert key_from_name(Kind.CONNECTION_SPEC, name, "f6c0de0c") == key


@pytest.mark.parametrize("key", ["con", "NUL", "nul.v2", "lpt9"])
def test_a_key_that_windows_keeps_for_a_device_is_refused_for_a_new_file(key: str) -> None:
    with pytest.raises(UsageError, match="reserved name on Windows"):
        check_key_is_free(Kind.CONNECTION_SPEC, key, DesiredSet((), ()))
