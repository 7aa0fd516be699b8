#!/bin/sh
# Random cases: what the other evaluators answer, and whether the compatibility layer answers the same to 1e-9.
#   sh benches/peers/differential.sh [CASES] [SEED]
set -eu
cd "$(dirname "$0")/../.."
cases=${1:-2000}
seed=${2:-1}
peers=${PEERS:-target/peers}
sh benches/peers/install.sh "$peers"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$peers/main/bin/python" benches/peers/differential.py "$folder" --cases "$cases" --seed "$seed" \
    --tools nervaluate,seqeval,presidio,openmed
"$peers/legacy/bin/python" benches/peers/differential.py "$folder" --cases "$cases" --seed "$seed" --tools legacy
TELLERBENCH_CONFORMANCE_DIR=$folder cargo test --locked --test conformance -- every_recorded
