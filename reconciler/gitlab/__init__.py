"""The GitLab API: the note on a merge request, and the plan that was reviewed there."""
