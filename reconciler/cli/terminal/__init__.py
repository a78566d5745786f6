"""The terminal: output, progress, questions, signals, logs."""
