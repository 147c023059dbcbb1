#!/bin/sh
# Makes .venv from a file of hashed requirements; does nothing if that has been done already.
#     PYTHON=python3.13 sh deploy/setup.sh deploy/requirements.txt
# PYTHON may be left out: a Python of 3.12 or newer is looked for, else uv is asked for one.
set -eu

requirements=$1
stamp=.venv/installed

fail() {
    echo "$1" >&2
    exit 1
}

# A name on the PATH is no promise: it may be a shim for a version that is not installed, and hide
# a real one. Hence also the full paths below.
suits() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null
}

complete() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null
}

find_python() {
    incomplete=
    for name in python3 python3.13 python3.14 python3.12 /usr/local/bin/python3 /usr/bin/python3 \
        "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/3.1[2-9].*/bin/python3; do
        suits "$name" || continue
        if complete "$name"; then
            echo "$name"
            return
        fi
        incomplete=$name
    done
    if command -v uv >/dev/null && uv python install --quiet 3.13 >/dev/null 2>&1; then
        uv python find --no-project 3.13 && return
    fi
    [ -z "$incomplete" ] ||
        fail "$incomplete lacks the modules venv and ensurepip: install them (Debian: apt install python3-venv), or install uv."
    fail "Attest needs Python 3.12 or newer and found none: install one, or install uv, or name one with make PYTHON=/path/to/python3."
}

# The development requirements hold all of the others at the same versions.
wanted=$(cksum <"$requirements")
for known in "$requirements" deploy/requirements-dev.txt; do
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(cksum <"$known")" ] && suits .venv/bin/python; then
        exit 0
    fi
done

if [ -n "${PYTHON:-}" ]; then
    suits "$PYTHON" || fail "$PYTHON is no Python of 3.12 or newer: name another one or leave PYTHON out."
    complete "$PYTHON" || fail "$PYTHON lacks the modules venv and ensurepip: install them or name another Python."
    python=$PYTHON
else
    python=$(find_python)
fi

# Without its stamp an installation was interrupted, or is of other versions.
[ -f "$stamp" ] || rm -rf .venv
rm -f "$stamp"
if ! suits .venv/bin/python; then
    rm -rf .venv
    echo "Installing into .venv with $("$python" --version); the first time this takes a minute or two." >&2
    "$python" -m venv .venv || fail "The folder .venv could not be made: make this folder writable."
fi
.venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes \
    --requirement "$requirements" ||
    fail "The packages could not be installed: the lines above say why; run the same command to try again."
echo "$wanted" >"$stamp"
