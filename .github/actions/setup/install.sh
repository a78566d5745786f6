#!/bin/sh
# Install the reconciler of this checkout in a new virtual environment: install.sh ENVIRONMENT [CACHE]
# With CACHE, a folder that may be empty, uv installs and keeps its packages there; without it, or if that fails, pip installs.
# Only locked dependencies are installed, and the package, which is pure Python, is copied: no build tool runs.
# Python runs isolated (-I) and uv without configuration files, so nothing in the current folder is used.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../../.." && pwd)
python="$1/bin/python"

with_uv() {
  uv=$(command -v uv) || uv="$1/tool/bin/uv"
  if ! "$uv" --version > /dev/null 2>&1; then
    uv="$1/tool/bin/uv"
    rm -rf "$1/tool"
    python3 -I -m pip --disable-pip-version-check --quiet install --only-binary :all: --require-hashes \
      --target "$1/tool" -r "$here/requirements.txt" || return 1
  fi
  export UV_CACHE_DIR="$1/packages" UV_NO_PROGRESS=1
  "$uv" --no-config venv --quiet --no-project --python "$(command -v python3)" "$2" || return 1
  "$uv" --no-config pip install --quiet --no-build --require-hashes --python "$2/bin/python" -r "$source/requirements.lock"
}

with_pip() {
  rm -rf "$1"
  python3 -I -m venv "$1" || return 1
  "$python" -I -m pip --disable-pip-version-check --quiet install --require-hashes -r "$source/requirements.lock"
}

failed() {
  words="could not install"
  [ "$1" = pip ] || words="could install"
  echo "::error::cannot install reconciler: $1 $words the packages in requirements.lock. Check that the runner reaches a Python" \
    "package index (UV_DEFAULT_INDEX, PIP_INDEX_URL, HTTPS_PROXY) and has Python 3.11 or newer"
  exit 1
}

if [ -z "${2:-}" ]; then
  with_pip "$1" || failed pip
elif ! with_uv "$2" "$1"; then
  echo "uv could not install, so pip does"
  with_pip "$1" || failed "neither uv nor pip"
fi
cp -R "$source/reconciler" "$("$python" -I -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/"
printf '#!%s\nfrom reconciler.cli.entry import main\n\nmain()\n' "$python" > "$1/bin/reconciler"
chmod +x "$1/bin/reconciler"
