"""The emulator over HTTP: the gateway, the endpoints, and the server."""
