"""Reads a corpus as a user of it would, and checks that it says what it holds.

For every span, decoy and field: text[start:end] is the recorded text. For every identifier with a rule:
valid=true passes python-stdnum or the rule written here, and valid=false fails it. For every amount: the
digits of its surface are those of its fact. Exit code 1 on the first kind of violation found.
"""

import json
import re
import sys
from collections import Counter

from stdnum import iban, luhn
from stdnum.fr import nir
from stdnum.us import rtn


def digits(text):
    return re.sub(r"\D", "", text)


def compact(text):
    return re.sub(r"[^0-9A-Za-z]", "", text).upper()


def ssn(value):
    area, group, serial = value[:3], value[3:5], value[5:]
    given = len(value) == 9 and area not in ("000", "666") and group != "00" and serial != "0000"
    # Area 9xx with a group from 50 on is a taxpayer's number, but for the ten kept for advertisements.
    return given and (area < "900" or group < "50" or value.startswith("98765432"))


def nino(value):
    return re.fullmatch(r"[A-Z]{2}\d{6}[A-D]", value) is not None


def month(value):
    found = re.fullmatch(r"(\d{4})(\d{2})", digits(value))
    return found is not None and 1 <= int(found[2]) <= 12


RULES = {
    "PAN": lambda v: luhn.is_valid(digits(v)),
    "IBAN": lambda v: iban.is_valid(compact(v), check_country=False),
    "FR_NIR": lambda v: nir.is_valid(compact(v)),
    "US_ABA_ROUTING": lambda v: rtn.is_valid(digits(v)),
    "US_SSN": lambda v: ssn(digits(v)),
    "UK_NINO": lambda v: nino(compact(v)),
    "CARD_CVV": lambda v: len(digits(v)) in (3, 4),
    "CARD_EXPIRY": month,
    "EMAIL_ADDRESS": lambda v: re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", v) is not None,
}
# Surfaces that do not hold the whole value: words, fragments, one part of several.
ELSEWHERE = {"spoken", "fragment", "part", "last4", "masked", "worded"}
MONEY = {"BALANCE", "TRANSACTION_AMOUNT", "INCOME", "CREDIT_LIMIT"}


def amount_of(surface):
    sign = -1 if surface.strip().startswith("-") else 1
    euro = re.fullmatch(r"-?([\d\s]+)€(\d{2})", surface.strip())
    if euro:
        return sign * (int(digits(euro[1])) * 100 + int(euro[2]))
    number = re.sub(r"[^\d.,]", "", surface)
    whole, cents = number, "00"
    last = re.search(r"[.,](\d{2})$", number)
    if last:
        whole, cents = number[: last.start()], last[1]
    return sign * (int(digits(whole)) * 100 + int(cents))


def main(path):
    seen, faults = Counter(), Counter()
    examples = {}

    def fault(kind, where, detail):
        faults[kind] += 1
        examples.setdefault(kind, f"{where}: {detail}")

    with open(path, encoding="utf-8") as corpus:
        for line in corpus:
            record = json.loads(line)
            facts = {fact["id"]: fact for fact in record["facts"]}
            seen["conversations"] += 1
            for message in record["messages"]:
                seen["messages"] += 1
                for unit in [message, *message["fields"]]:
                    text = unit["text"]
                    for mark in unit["spans"] + unit["decoys"]:
                        seen["ranges"] += 1
                        if text[mark["start"] : mark["end"]] != mark["text"]:
                            fault("offset", message["id"], mark)
                    for span in unit["spans"]:
                        label, surface = span["label"], span["text"]
                        fact = facts.get(span.get("fact"))
                        if fact is None or fact["label"] != label:
                            fault("fact", message["id"], span)
                            continue
                        if label in MONEY and span.get("form") not in ("spoken",):
                            seen["amounts"] += 1
                            minor = int(fact["value"].split()[0])
                            if abs(amount_of(surface)) != abs(minor):
                                fault("amount", message["id"], (surface, fact["value"]))
                        rule = RULES.get(label)
                        if rule is None or span["valid"] is None:
                            continue
                        whole = span.get("form") not in ELSEWHERE and label != "CARD_EXPIRY"
                        value = surface if whole else fact["value"]
                        if span["valid"]:
                            seen["valid values"] += 1
                            if not rule(value):
                                fault("valid", message["id"], (label, value))
                        elif whole:
                            seen["invalid values"] += 1
                            if rule(value):
                                fault("invalid", message["id"], (label, value))
    print(path.rsplit("/", 1)[-1], dict(seen), "faults:", dict(faults))
    for kind, example in examples.items():
        print(f"  {kind}: {example}", file=sys.stderr)
    return 1 if faults or not seen["valid values"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
