"""HTTP calls, independent of the service: one try (`transport`), retries within a deadline (`retrying`), and the shared pause.

Four modules use the HTTP library: `transport` sends; `network` handles proxies, certificates and sockets with deadlines; and `failures`
maps its exceptions to messages. `secrets` decides which parts of a response may be shown. The caller classifies each outcome.
"""
