"""The network as the environment has it: proxies, certificates, and sockets that keep to a deadline."""
