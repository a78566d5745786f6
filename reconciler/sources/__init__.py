"""What a connection spec makes the service do: its requests, its pages, its records. Pure: no network, clock or settings."""
