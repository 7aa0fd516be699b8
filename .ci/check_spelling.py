"""Spells what careful writers write, with hunspell and Debian's dictionaries.

    check_spelling.py --phrases PHRASES [CORPUS ...]

PHRASES is what `cargo test --lib print_phrases_to_be_spelled -- --ignored --nocapture` prints: every phrase of every language
in every shape that it can take, with its place and the countries where it can be said. Of a CORPUS, what was said outside spans
and decoys counts: by bots, agents and notifications, and by the customers of `~tidy` twins.

What a transcription service writes in lower case throughout is spelled in whatever capitals it should have.

A word is right if the dictionary of each country where it can be said has it, or .ci/words-fr.txt or .ci/words-en.txt (their
heads say how they are laid out), or, in a corpus, if it is a name of the world's tables. Exit code 1 if any is not.
"""

import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
DICTIONARIES = {"FR": "fr", "US": "en_US", "GB": "en_GB"}
VALUE = re.compile(r"⟦[^⟧]*⟧")
# Names that stand in no table.
BRANDS = ["Amex"]
# Addresses of sites, of mail, and file names, are no words.
NO_PROSE = re.compile(r"\S+@\S+|https?://\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:fr|com|co\.uk|org|net|pdf|jpg|png)\b(?:/\S*)?")
# French dictionaries know what hyphens join (`peut-il`), English ones know the parts.
WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
# What English hangs on any noun, and French before any word.
TAIL = re.compile(r"^(?:[dlnjmtsc]|qu)'|'(?:s|d|ll|re|ve)$", re.IGNORECASE)
SECTION = re.compile(r"\[(\w+)\]")


def allowed(language):
    """The words of a word list, by section."""
    words, section = collections.defaultdict(set), None
    path = HERE / f"words-{language}.txt"
    last = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.split("#")[0].strip()
        if not line:
            continue
        if heading := SECTION.fullmatch(line):
            section, last = heading[1], ""
            continue
        if section is None or line <= last:
            sys.exit(f"{path.name}:{number}: `{line}` stands before a section, twice, or out of order")
        words[section].add(line)
        last = line
    return words


def words_of(text, country):
    text = NO_PROSE.sub(" ", VALUE.sub(" ⟦ ", text)).replace("’", "'")
    text = text if country == "FR" else text.replace("-", " ")
    for found in WORD.finditer(text):
        # The th of 28th, the h of 10h30, what codes are made of.
        around = text[max(found.start() - 1, 0) : found.start()] + text[found.end() : found.end() + 1]
        if not re.search(r"[\d_]", around):
            yield found.group()


def stem(word):
    return TAIL.sub("", word)


def unknown(words, dictionary):
    command = ["hunspell", "-d", dictionary, "-i", "utf-8", "-l"]
    given = "\n".join(sorted(words)) + "\n"
    done = subprocess.run(command, input=given, capture_output=True, text=True, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"})
    if done.returncode or "Can't open" in done.stderr:
        sys.exit(f"hunspell -d {dictionary}: {done.stderr}")
    return set(done.stdout.split())


class Speller:
    """Collects words by country, with the first places where they stand. Of texts that have no capitals (`lower`), a word
    counts as it stands, as a name and as an abbreviation."""

    def __init__(self, lower=False):
        self.lower = lower
        self.places = {country: collections.defaultdict(list) for country in DICTIONARIES}

    def read(self, text, country, place):
        for word in words_of(text, country):
            places = self.places[country][word]
            if len(places) < 3:
                places.append((place, text))

    def cases(self, word):
        return [word, word[0].upper() + word[1:], word.upper()] if self.lower else [word]

    def faults(self, names, excused):
        """Unknown words with their country and places. Adds to `excused` what the word lists had to excuse."""
        names = {name.lower() for name in names} if self.lower else names
        for country, dictionary in DICTIONARIES.items():
            lists = allowed(dictionary[:2])
            right = lists["everywhere"] | lists["spoken"] | lists[country]
            elsewhere = set().union(*(lists[other] for other in DICTIONARIES if other != country)) - right
            places = self.places[country]
            every = [case for word in places for case in self.cases(word)]
            wrong = unknown({*every, *map(stem, every)}, dictionary)
            for word in sorted(places):
                cases = self.cases(word)
                forms = {form for case in cases for form in (case, case.lower(), stem(case), stem(case).lower())}
                misspelled = all(case in wrong and (stem(case) == case or stem(case) in wrong) for case in cases)
                if misspelled:
                    excused.update((dictionary[:2], form) for form in forms & right)
                if forms & elsewhere or misspelled and not forms & (right | names):
                    yield country, word, places[word]


def phrases(path, speller):
    count = 0
    for line in open(path, encoding="utf-8"):
        if line.startswith("@\t"):
            _, place, name, countries, text = line.rstrip("\n").split("\t")
            count += 1
            for country in countries.split():
                speller.read(text, country, f"{place}: {name}")
    if count < 50_000:
        sys.exit(f"{path}: only {count} phrases")
    return count


def corpus(path, speller, notes):
    count = 0
    for line in open(path, encoding="utf-8"):
        record = json.loads(line)
        careful = record["id"].endswith("~tidy")
        country = record["lang"].split("-")[1]
        for message in record["messages"]:
            if message["speaker"] == "customer" and not careful:
                continue
            # Marks may lie within one another.
            text = list(message["text"])
            for mark in message["spans"] + message["decoys"]:
                text[mark["start"] : mark["end"]] = "⟧" * (mark["end"] - mark["start"])
            text = "".join(text)
            count += 1
            lower = message["kind"] == "voice" and text == text.lower()
            (notes if lower else speller).read(text, country, f"{message['id']} ({', '.join(message['phrases'])})")
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--phrases", required=True)
    parser.add_argument("corpora", nargs="*")
    arguments = parser.parse_args()
    names = set(BRANDS)
    for table in (HERE.parent / "datasets/world").glob("*/*.txt"):
        words = words_of(table.read_text(encoding="utf-8"), table.parent.name)
        names.update(word for word in words if word[0].isupper())
    faults, excused = [], set()
    speller = Speller()
    count = phrases(arguments.phrases, speller)
    faults.extend(speller.faults(set(), excused))
    for path in arguments.corpora:
        speller, notes = Speller(), Speller(lower=True)
        count += corpus(path, speller, notes)
        for one in (speller, notes):
            faults.extend(one.faults(names, excused))
    for country, word, places in faults:
        print(f"{country}: {word}", *(f"  {place}: {text}" for place, text in places), sep="\n")
    idle = 0
    for language in ("fr", "en"):
        lists = allowed(language)
        for word in sorted(lists["everywhere"] | lists["spoken"]):
            if (language, word) not in excused:
                idle += 1
                print(f"words-{language}.txt: `{word}` excuses nothing, take it out")
    print(f"spelling: {count} texts, {len(faults)} unknown words, {idle} idle")
    return 1 if faults or idle else 0


if __name__ == "__main__":
    sys.exit(main())
