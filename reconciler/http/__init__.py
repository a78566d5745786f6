"""Calls over HTTP, whatever the service: one try (`transport`), its retries within a deadline (`retrying`), and the pause for everybody.

Only `transport` knows the HTTP library. What an outcome means is the caller's: it hands in a judge.
"""
