"""All pages of one source, by path in the submission."""

from __future__ import annotations

from reconciler.submission.documentation.api_page import api_page
from reconciler.submission.documentation.overview_page import images_page, overview_page
from reconciler.submission.documentation.subject import Subject
from reconciler.submission.documentation.ui_page import ui_page


def pages_of(subject: Subject) -> dict[str, str]:
    """The pages as the spec has them now."""
    paths = subject.paths
    return {
        paths.api: api_page(subject),
        paths.ui: ui_page(subject),
        paths.overview: overview_page(subject),
        paths.images: images_page(subject),
    }
