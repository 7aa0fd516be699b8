#!/usr/bin/env bash
# The tables for a paper are set by LaTeX, in both languages, without an error, an overfull box or a table too long.
#   bash .ci/check_latex.sh TELLERBENCH RESULT.json FOLDER
set -euo pipefail
tellerbench=$1 result=$2 folder=$3
mkdir -p "$folder"
for lang in en fr; do
  for rows in core all; do
    name=$lang-$rows
    "$tellerbench" -q report "$result" --format latex --lang "$lang" --labels "$rows" > "$folder/$name-tables.tex"
    {
      printf '\\documentclass{article}\n\\usepackage[T1]{fontenc}\n\\usepackage{lmodern}\n'
      if [ "$lang" = fr ]; then printf '\\usepackage[french]{babel}\n'; fi
      printf '\\usepackage{booktabs}\n\\begin{document}\n\\input{%s-tables}\n\\end{document}\n' "$name"
    } > "$folder/$name.tex"
    (
      cd "$folder"
      pdflatex -interaction=nonstopmode -halt-on-error "$name.tex" > "$name.out" || true
      if [ ! -s "$name.pdf" ] || grep -aE '^!|^Overfull|Float too large|undefined' "$name.out"; then
        echo "$name: not as it should be set" >&2
        exit 1
      fi
    )
    echo "$name: set"
  done
done
