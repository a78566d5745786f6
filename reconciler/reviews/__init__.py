"""Whether what a plan would write was reviewed on merged pull requests or merge requests, whichever code host they are on."""
