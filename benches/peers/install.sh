#!/bin/sh
# Installs the evaluators that the scripts beside this compare with, each at the release that is imitated.
#   sh benches/peers/install.sh [FOLDER]      FOLDER: where to put the environments [default: target/peers]
set -eu
folder=${1:-target/peers}
python=${PYTHON:-python3}
mkdir -p "$folder"
if [ ! -x "$folder/main/bin/python" ]; then
    "$python" -m venv "$folder/main"
    "$folder/main/bin/pip" install --quiet nervaluate==1.2.1 seqeval==1.2.2 presidio-evaluator==0.3.2
    # Its metrics need none of its models.
    "$folder/main/bin/pip" install --quiet --no-deps openmed==3.1.0
fi
if [ ! -x "$folder/legacy/bin/python" ]; then
    "$python" -m venv "$folder/legacy"
    "$folder/legacy/bin/pip" install --quiet nervaluate==0.2.0
fi
"$folder/main/bin/pip" list 2>/dev/null | grep -iE '^(nervaluate|seqeval|presidio-evaluator|openmed) '
