#!/bin/sh
# Installs Presidio's analyzer from PyPI into .venv beside this file. No language model is downloaded:
# run.py uses the engine that needs none. PYTHON chooses the interpreter (3.10 to 3.13).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"${PYTHON:-python3}" -m venv "$here/.venv"
"$here/.venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
"$here/.venv/bin/python" -c 'from importlib.metadata import version; print("presidio-analyzer", version("presidio-analyzer"))'
