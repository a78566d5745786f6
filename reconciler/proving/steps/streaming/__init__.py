"""The steps that only a streaming source has."""
