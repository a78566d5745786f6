"""The parts of the guards: addresses, credentials and requests, judged one by one."""
