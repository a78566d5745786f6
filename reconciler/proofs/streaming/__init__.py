"""The files of a streaming source's proof: its events, and the tests of its authentication."""
