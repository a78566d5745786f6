"""The network as the environment configures it: proxies, certificates, and sockets with deadlines."""
