"""Rules for what a request sends."""
