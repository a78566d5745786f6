"""The sections of a body as their texts, split without reading what is in them."""

from __future__ import annotations

import msgspec

NO_TEXT = msgspec.Raw()
"""The text of a section that a body does not have."""


class SectionTexts(msgspec.Struct, rename="camel", gc=False):
    """The text of each section that either kind of spec has, other than names and lists of ids; of a repeated key, the last text."""

    description: msgspec.Raw = NO_TEXT
    type: msgspec.Raw = NO_TEXT
    version: msgspec.Raw = NO_TEXT
    attributes: msgspec.Raw = NO_TEXT
    auth_spec: msgspec.Raw = NO_TEXT
    source_spec: msgspec.Raw = NO_TEXT
    explore_spec: msgspec.Raw = NO_TEXT
    target_spec: msgspec.Raw = NO_TEXT
    settings: msgspec.Raw = NO_TEXT
    option_spec: msgspec.Raw = NO_TEXT
    transformation_specs: msgspec.Raw = NO_TEXT
    schedule_spec: msgspec.Raw = NO_TEXT
    run_spec: msgspec.Raw = NO_TEXT
    permissions_info: msgspec.Raw = NO_TEXT
    encryption_specs: msgspec.Raw = NO_TEXT
    entitlement_info: msgspec.Raw = NO_TEXT
    policy: msgspec.Raw = NO_TEXT


ATTRIBUTE_OF = dict(zip(SectionTexts.__struct_encode_fields__, SectionTexts.__struct_fields__, strict=True))
"""The attribute of `SectionTexts` for each of these sections."""
