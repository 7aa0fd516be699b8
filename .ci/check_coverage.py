"""Does a corpus have everything that it can have: every label, intent, policy, form, kind of message, writer?

    check_coverage.py AUDIT.json...      what `tellerbench audit --format json` printed

Prints what is missing of each and what is rarest, and fails where something is missing that is not named below
with its reason.
"""

import json
import sys

ALLOWED = {
    # Two writers are held out for the test split, so that no detector has learned from them (docs/bias.md).
    "train": {"writers": {"code_switcher", "halting_newcomer"}},
    # A tap arrives whole: a feed that is cut into pieces has none.
    "streaming": {"kinds": {"quick_reply"}},
}


def main() -> int:
    failed = False
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            audit = json.load(file)
        corpus, coverage = audit["corpus"]["id"], audit["coverage"]
        allowed = next((names for kind, names in ALLOWED.items() if corpus.startswith(kind)), {})
        missing = {
            what: sorted(set(names) - allowed.get(what, set())) for what, names in coverage["missing"].items()
        }
        missing = {what: names for what, names in missing.items() if names}
        rarest = sorted((count, label) for label, count in coverage["counts"]["labels"].items())[:3]
        rarest = ", ".join(f"{label} {count}" for count, label in rarest)
        counts = ", ".join(f"{len(names)} {what}" for what, names in coverage["counts"].items())
        print(f"{corpus}: {counts}; rarest: {rarest}")
        if missing or audit["verdict"] != "sound":
            failed = True
            print(f"    {audit['verdict']}; missing: {missing}", file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
