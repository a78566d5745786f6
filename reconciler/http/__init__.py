"""Calls over HTTP, whatever the service: one try (`transport`), its retries within a deadline (`retrying`), and the pause for everybody.

The HTTP library is known to `transport`, which sends; `network`, `proxies` and `certificates`, which say how a host is reached from here;
`deadlines`, the sockets below; and `failures`, which puts its exceptions into words. `disclosure` says what of an answer may be shown, by
what `known_secrets` knows of the credentials. What an outcome means is the caller's: it hands in a judge.
"""
