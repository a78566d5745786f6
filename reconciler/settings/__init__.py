"""`reconciler.yaml` and the environment → Settings, Target, Credentials."""
