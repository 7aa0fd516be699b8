"""Judges every identifier of corpora with python-stdnum and with rules written anew here.

For every gold span that says `valid`: the value, read back from its surface, passes python-stdnum where
the library knows the kind, or else the rule of RULES, exactly if the span says so. For every one that
says `strict_valid`: python-stdnum agrees where it knows the kind. Where this project differs on purpose,
tests/fixtures/identifiers/exceptions.json names the case. A label whose rule is in datasets/labels.toml and
that has no judge here is a fault, and so is a file without values.

    python .ci/check_identifiers.py [--cases CASES] CORPUS.jsonl …

With --cases, also what the test `print_values_to_be_judged` prints: values of every label with a rule,
produced in conversations or not yet, and slips of them. Then every such label must have been judged.

Exit code 1 when there is a fault.
"""

import argparse
import datetime
import hashlib
import ipaddress
import itertools
import json
import pathlib
import re
import sys
import tomllib
from collections import Counter

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/fixtures/identifiers"))
from stdnum_rules import RULES as STDNUM, excused, verdict  # noqa: E402

LABELS = {row["id"]: row for row in tomllib.loads((ROOT / "datasets/labels.toml").read_text())["label"]}
WORDS = (ROOT / "datasets/identifiers/bip39_english.txt").read_text().split()
# Surfaces that do not hold the whole value in digits and letters: the fact's value stands in for them.
ELSEWHERE = {"spoken", "fragment", "part", "last4", "masked", "worded", "relative", "numeric_short", "numeric"}


def rib(value):
    if not re.fullmatch(r"\d{10}[0-9A-Z]{11}\d\d", value):
        return False
    digits = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
    return int(value.translate(digits)) % 97 == 0


def nino(value):
    return bool(re.fullmatch(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-Z]{2}\d{6}[A-D]", value))


def place(value):
    parts = re.fullmatch(r"(-?\d+(?:\.\d+)?), (-?\d+(?:\.\d+)?)", value)
    return bool(parts) and abs(float(parts[1])) <= 90 and abs(float(parts[2])) <= 180


def address(value):
    try:
        return bool(ipaddress.ip_address(value))
    except ValueError:
        return False


def date(value):
    try:
        return bool(datetime.date.fromisoformat(value[:10]))
    except ValueError:
        return False


def seed_phrase(value):
    words = value.split(" ")
    if len(words) not in (12, 15, 18, 21, 24) or not set(words) <= set(WORDS):
        return False
    bits = "".join(f"{WORDS.index(word):011b}" for word in words)
    cut = len(bits) * 32 // 33
    entropy = int(bits[:cut], 2).to_bytes(cut // 8, "big")
    return f"{hashlib.sha256(entropy).digest()[0]:08b}".startswith(bits[cut:])


def zone(value):
    def digit(field):
        number = ["0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".find(c) for c in field]
        return str(sum(max(n, 0) * (7, 3, 1)[k % 3] for k, n in enumerate(number)) % 10)

    if not re.fullmatch(r"[A-Z0-9<]+", value):
        return False
    if len(value) == 90:
        one, two = value[:30], value[30:60]
        fields = [(one[5:14], one[14]), (two[:6], two[6]), (two[8:14], two[14])]
        fields.append((one[5:] + two[:7] + two[8:15] + two[18:29], two[29]))
    elif len(value) in (36, 44, 72, 88):
        line = value[-(len(value) // 2 if len(value) > 44 else len(value)) :]
        fields = [(line[:9], line[9]), (line[13:19], line[19]), (line[21:27], line[27])]
        fields.append((line[:10] + line[13:20] + line[21:-1], line[-1]))
        if len(line) == 44 and line[28:43].strip("<"):
            fields.append((line[28:42], line[42]))
    else:
        return False
    return all(digit(field) == found for field, found in fields)


def matches(pattern):
    return lambda value: bool(re.fullmatch(pattern, value))


# The rules of labels that python-stdnum does not know, or not in every shape.
RULES = {
    "CARD_CVV": matches(r"\d{3,4}"),
    "CARD_EXPIRY": matches(r"\d{4}-(0[1-9]|1[0-2])"),
    "CREDITOR_REFERENCE": lambda value: False,
    "CREDIT_SCORE": lambda value: value.isdigit() and 300 <= int(value) <= 850,
    "CRYPTO_ADDRESS": matches(r"0x[0-9A-Fa-f]{40}"),
    "DATE_OF_BIRTH": date,
    "DEVICE_ID": matches(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}"),
    "EMAIL_ADDRESS": matches(r"[^@\s,]+@[^@\s,]+\.[a-z]{2,}"),
    "FR_RIB": rib,
    "GEO_LOCATION": place,
    "IP_ADDRESS": address,
    "LICENSE_PLATE": matches(r"[A-HJ-NP-TV-Z]{2}\d{3}[A-HJ-NP-TV-Z]{2}|[A-HJ-PR-Z]{2}\d\d[A-Z]{3}|\d[A-Z]{3}\d{3}"),
    "PASSPORT_MRZ": zone,
    "PHONE_NUMBER": matches(r"\+(33\d{9}|1\d{10}|44\d{9,10}|49\d{6,11})"),
    "SEED_PHRASE": seed_phrase,
    "SEPA_MANDATE_RUM": matches(r"[A-Za-z0-9+?/:().,' -]{1,35}"),
    "UK_NINO": nino,
}


def plain(text):
    return re.sub(r"[^0-9A-Za-z]", "", text).upper()


def phrase(text):
    words = re.sub(r"\d+[.)]", " ", text.lower())
    return " ".join(re.sub(r"[-,]", " ", words).split())


# How a surface is read back where dropping the separators is not enough.
READ = {
    "CRYPTO_ADDRESS": str.strip,
    "DEVICE_ID": lambda text: text.strip().upper() if text.count("-") == 4 else plain(text),
    "EMAIL_ADDRESS": lambda text: text.strip().lower(),
    "IP_ADDRESS": lambda text: text.replace("[.]", ".").lower(),
    "PASSPORT_MRZ": lambda text: "".join(text.split()).upper(),
    "SEED_PHRASE": phrase,
    "SEPA_MANDATE_RUM": lambda text: text.strip().upper(),
}
# Surfaces of these are written in the ways of a language or a country, so the fact's value is judged.
BY_FACT = {"CARD_EXPIRY", "DATE_OF_BIRTH", "PHONE_NUMBER", "GEO_LOCATION", "CREDIT_SCORE"}


def value_of(span, fact):
    """The value in normal form that a span states, or None where only a whole, right one could tell."""
    label = span["label"]
    if span.get("form") in ELSEWHERE or label in BY_FACT:
        return fact["value"] if span["valid"] is not False else None
    if LABELS[label]["normal"] == "digits":
        return re.sub(r"\D", "", span["text"])
    return READ.get(label, plain)(span["text"])


def made_here(path):
    """The cases of a file, in the shape of spans."""
    for line in pathlib.Path(path).read_text().splitlines():
        if "CASE " in line:
            case = json.loads(line.split("CASE ", 1)[1])
            plain = {"text": case["value"], "form": "compact"}
            case = {**plain, **case, "valid": case["made"]}
            yield case, case, "CASE"


def in_corpus(path):
    with open(path, encoding="utf-8") as corpus:
        for line in corpus:
            record = json.loads(line)
            facts = {fact["id"]: fact for fact in record["facts"]}
            for message in record["messages"]:
                for unit in [message, *message["fields"]]:
                    for span in unit["spans"]:
                        yield span, facts[span["fact"]], message["id"]


def main(cases, paths):
    seen, judged, met, faults = Counter(), Counter(), Counter(), []

    def compare(side, label, ours, theirs, value, where):
        judged[label] += 1
        if ours == theirs:
            return
        because = excused(label, side, ours, theirs, value)
        if because is None:
            faults.append(f"{where}: {label} {value!r}: {side} is {ours}, the judge says {theirs}")
        met[f"{label}.{side}"] += 1

    for label, row in LABELS.items():
        if "rule" in row and label not in STDNUM and label not in RULES:
            faults.append(f"datasets/labels.toml: {label} has a rule and no judge here")
    spans = [made_here(path) for path in cases] + [in_corpus(path) for path in paths]
    for span, fact, where in itertools.chain(*spans):
        label, valid, strict = span["label"], span["valid"], span.get("strict_valid")
        seen[where == "CASE"] += 1
        if label not in STDNUM and label not in RULES or valid is None and strict is None:
            continue
        value = value_of(span, fact)
        if value is None:
            continue
        theirs = verdict(label, value)
        if valid is not None:
            rule = RULES[label](value) if theirs is None else theirs
            compare("valid", label, valid, rule, value, where)
        if strict is not None and valid is not False and theirs is not None:
            compare("strict_valid", label, strict, theirs, value, where)
    if cases:
        missing = sorted(label for label in RULES.keys() | STDNUM.keys() if not judged[label])
        faults += [f"{label}: no value was judged" for label in missing if label != "DATE_OF_BIRTH"]
    for kind, count, given in (("cases", seen[True], cases), ("spans", seen[False], paths)):
        if given and not count:
            faults.append(f"no {kind} were read")
    print(f"{seen[False]} spans, {seen[True]} cases; judged:", dict(sorted(judged.items())))
    print("exceptions met:", dict(sorted(met.items())))
    for fault in faults[:20]:
        print(" ", fault)
    print(len(faults), "faults")
    return 1 if faults else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Judges the identifiers of corpora.")
    parser.add_argument("--cases", action="append", default=[])
    parser.add_argument("corpora", nargs="*")
    arguments = parser.parse_args()
    if not arguments.cases and not arguments.corpora:
        parser.error("neither a corpus nor cases to judge")
    sys.exit(main(arguments.cases, arguments.corpora))
