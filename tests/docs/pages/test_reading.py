"""What of a page is run, in which order and where."""

from __future__ import annotations

import pytest

from tests.docs.pages.reading import parts, scenes

PAGE = """# Page

```console
$ reconciler plan
```

## First

<!-- console: applied, jane-raises-the-page-size -->

```console
$ reconciler drift
```

```yaml
# specs/reconciler.yaml
a: 1
```

```yaml
a: 1
```

1. Do:

   <!-- console: not run: needs a GitHub repository -->
   ```sh
   gh pr create
   ```

## Second

```sh
reconciler apply --yes
```
"""


def test_a_page_begins_in_the_example_repository_and_a_start_begins_a_scene() -> None:
    assert [(scene.name, scene.start) for scene in scenes("page.md", PAGE)] == [
        ("page.md:3 Page", "example"),
        ("page.md:9 First", "applied"),
    ]


def test_a_scene_has_what_is_run_and_the_files_that_are_written_in_their_order() -> None:
    scene = scenes("page.md", PAGE)[1]
    assert [(part.heading, part.block.language, part.prepared) for part in scene.parts] == [
        ("First", "console", ("applied", "jane-raises-the-page-size")),
        ("First", "yaml", ()),
        ("Second", "sh", ()),
    ]


def test_a_block_that_is_not_run_has_its_reason() -> None:
    assert [(part.block.text, part.reason) for part in parts("page.md", PAGE) if part.reason] == [
        ("gh pr create\n", "needs a GitHub repository")
    ]


def test_a_comment_without_a_block_is_an_error() -> None:
    with pytest.raises(ValueError, match="no block after it"):
        list(parts("page.md", "<!-- console: applied -->\nText\n\n```console\n$ a\n```\n"))


def test_files_alone_are_no_scene() -> None:
    assert scenes("page.md", "```yaml\n# specs/reconciler.yaml\na: 1\n```\n") == []
