#!/bin/sh
# Install the reconciler of this checkout in a new virtual environment: install.sh ENVIRONMENT
# Only locked dependencies are installed, and the package, which is pure Python, is copied: no build tool runs.
# Python runs isolated (-I), so nothing in the current folder is imported.
set -eu
source=$(cd "$(dirname "$0")/../../.." && pwd)
python="$1/bin/python"
python3 -I -m venv "$1"
"$python" -I -m pip --disable-pip-version-check --quiet install --require-hashes -r "$source/requirements.lock"
cp -R "$source/reconciler" "$("$python" -I -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/"
printf '#!%s\nfrom reconciler.cli.entry import main\n\nmain()\n' "$python" > "$1/bin/reconciler"
chmod +x "$1/bin/reconciler"
