"""Trials: a spec against the third party, a recording of it or a stub, and what was found."""
