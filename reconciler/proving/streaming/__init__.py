"""Streaming: what is sent to an inlet, and what came of it. No I/O."""
