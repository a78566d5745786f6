"""The terminal: output, progress, prompts, signals, logs."""
