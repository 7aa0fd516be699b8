#!/usr/bin/env python3
"""Random cases, and what nervaluate, seqeval, presidio-evaluator and openmed answer to them.

Writes records of the form that tests/conformance.rs reads; `differential.sh` installs the tools, runs this and
then the test, which fails on any figure that differs by more than 1e-9.

    python3 differential.py FOLDER --cases 2000 --seed 1 [--tools nervaluate,seqeval,presidio,openmed,legacy]

A tool that is not installed is skipped with a message; when no tool is, that is an error.
"""

import argparse
import json
import logging
import math
import pathlib
import random
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

LABELS = ["IBAN", "PERSON", "PHONE", "SECRET", "ID", "PII", "É_1", "a-b"]


def clean(value):
    """NaN as null; numbers of numpy as plain ones."""
    if isinstance(value, dict):
        return {str(key): clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(item) for item in value]
    if value is None or isinstance(value, (str, bool)):
        return value
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and math.isnan(value) else value


# Spans: nervaluate.

def spans(rng, count, width, longest, labels):
    found = []
    for _ in range(count):
        start = rng.randrange(width)
        found.append((start, start + 1 + rng.randrange(longest), rng.choice(labels)))
    return found


def disturbed(rng, gold, labels):
    """Predictions near the gold spans: shifted, cut, split, doubled, renamed, left out, invented."""
    found = []
    for start, end, label in gold:
        kind = rng.random()
        if kind < 0.12:
            continue
        if kind < 0.4:
            found.append((start, end, label))
        elif kind < 0.5:
            found.append((start, end, rng.choice(labels)))
        elif kind < 0.75:
            a = max(0, start + rng.randint(-3, 3))
            found.append((a, max(a + 1, end + rng.randint(-3, 3)), rng.choice([label, label, rng.choice(labels)])))
        elif kind < 0.88 and end - start > 1:
            cut = rng.randint(start + 1, end - 1)
            found += [(start, cut, label), (cut, end, rng.choice([label, rng.choice(labels)]))]
        else:
            found += [(start, end, label)] * 2
    if rng.random() < 0.3:
        found += spans(rng, rng.randint(1, 3), 60, 12, labels)
    if rng.random() < 0.6:
        rng.shuffle(found)
    return found


def span_case(rng, place):
    labels = LABELS[: rng.randint(1, 5)]
    docs = []
    many = place % 25 == 0
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        count = rng.randint(50, 90) if many else rng.choice([0, 1, 2, 3, 5, 9])
        width = 300 if many else rng.choice([12, 40, 80])
        gold = spans(rng, count, width, rng.choice([3, 12, 120]), labels)
        docs.append((gold, disturbed(rng, gold, labels)))
    least = rng.choice([1.0, 1.0, 10.0, 25.0, 33.333333333333336, 50.0, 60.0, 66.66666666666666, 75.0, 99.0, 100.0,
                        round(rng.uniform(1, 100), 3)])
    tags = rng.sample(LABELS, rng.randint(1, 6)) if rng.random() < 0.4 else list(labels)
    return docs, least, tags


def recorded(docs, side):
    return [{"doc": place, "start": s, "end": e, "label": label}
            for place, doc in enumerate(docs) for s, e, label in doc[side]]


def nervaluate(rng, cases, legacy=False):
    if legacy:
        from nervaluate import Evaluator  # 0.2.0
    else:
        from nervaluate.evaluator import Evaluator
    fields = ["correct", "incorrect", "partial", "missed", "spurious", "possible", "actual", "precision", "recall", "f1"]
    for place in range(cases):
        docs, least, tags = span_case(rng, place)
        # Ends are inclusive there.
        given = [[[{"start": s, "end": e - 1, "label": label} for s, e, label in doc[side]] for doc in docs]
                 for side in (0, 1)]
        if legacy:
            least = 1.0
            answer = Evaluator(given[0], given[1], tags=tags).evaluate()[0]
            whole, by_label = answer, None
        else:
            answer = Evaluator(given[0], given[1], tags=tags, loader="dict", min_overlap_percentage=least).evaluate()
            whole = {mode: vars(result) for mode, result in answer["overall"].items()}
            by_label = answer["entities"]
        for mode in ("strict", "exact", "partial", "ent_type"):
            expected = {field: whole[mode][field] for field in fields}
            if by_label is not None:
                expected["by_label"] = {label: {field: getattr(per[mode], field) for field in fields}
                                        for label, per in by_label.items()}
            yield {"id": f"{'legacy' if legacy else 'nervaluate'}-{place}:{mode}",
                   "scheme": f"nervaluate{'-0.2.0' if legacy else ''}.{mode}", "n_docs": len(docs),
                   "params": {"min_overlap_percentage": least, "tags": tags},
                   "gold": recorded(docs, 0), "pred": recorded(docs, 1), "expected": expected}


# Tags: seqeval.

ALPHABETS = {"IOB1": "IOB", "IOB2": "IOB", "IOE1": "IOE", "IOE2": "IOE", "IOBES": "IOBES", "BILOU": "IOBLU"}
ODD = ["B", "I", "PER", "B-", "I-", "O-PER", "B-a-b", "I--x", "X-PER", ".-PER", "U-PER", "L-PER", "E", "S", "B_PER", "."]


def tag_sequence(rng, length, prefixes, labels, odd, suffix):
    found = []
    label = rng.choice(labels)
    for _ in range(length):
        if odd and rng.random() < 0.25:
            tag = rng.choice(ODD)
            found.append(tag[::-1] if suffix and len(tag) < 3 else tag)
            continue
        if rng.random() < 0.35:
            label = rng.choice(labels)
        prefix = rng.choice(prefixes + "OO")
        if prefix == "O":
            found.append("O")
        else:
            found.append(f"{label}-{prefix}" if suffix else f"{prefix}-{label}")
    return found


def seqeval(rng, cases):
    import numpy
    from seqeval import scheme as schemes
    from seqeval.metrics import accuracy_score
    from seqeval.metrics import v1
    from seqeval.metrics.sequence_labeling import precision_recall_fscore_support as forgiving
    numpy.seterr(all="ignore")
    for place in range(cases):
        name = rng.choice([None, None] + list(ALPHABETS))
        odd = name is None and rng.random() < 0.4
        suffix = rng.random() < 0.15
        prefixes = ALPHABETS[name] if name else rng.choice(list(ALPHABETS.values()) + ["IOBES"])
        labels = ["PER", "IBAN", "a-b", "_"][: rng.randint(1, 4)]
        gold, pred = [], []
        for _ in range(rng.choice([1, 1, 2, 3])):
            length = rng.choice([0, 1, 2, 5, 12]) if name is None else rng.choice([1, 2, 5, 12])
            sequence = tag_sequence(rng, length, prefixes if rng.random() < 0.9 else "O", labels, odd, suffix)
            other = tag_sequence(rng, length, prefixes if rng.random() < 0.9 else "O", labels, odd, suffix)
            gold.append(sequence)
            keep = rng.random()
            pred.append([a if rng.random() < keep else b for a, b in zip(sequence, other)])
        beta = rng.choice([1.0, 1.0, 2.0, 0.5, 0.0, 3.7])
        zero = rng.choice(["warn", 0, 1])
        options = {"beta": beta, "zero_division": zero, "suffix": suffix}

        def figures(average):
            if name is None:
                return forgiving(gold, pred, average=average, **options)
            return v1.precision_recall_fscore_support(gold, pred, average=average, scheme=getattr(schemes, name), **options)

        try:
            columns = figures(None)
            averages = {average: figures(average) for average in ("micro", "macro", "weighted")}
        except (ValueError, KeyError, IndexError):
            continue  # Both refuse; a unit test says so of ours.
        names = sorted(labels_of(gold, pred, name, suffix, schemes))
        params = {"beta": beta, "zero_division": zero, "suffix": suffix}
        kinds = ("precision", "recall", "f", "support")
        expected = {"by_label": {label: dict(zip(kinds, (column[at] for column in columns)))
                                 for at, label in enumerate(names)}}
        for average, figure in averages.items():
            expected[average] = dict(zip(kinds, figure))
        if sum(map(len, gold)):
            expected["token_accuracy"] = accuracy_score(gold, pred)
        record = {"id": f"seqeval-{place}", "scheme": f"seqeval.{'strict.' + name if name else 'default'}",
                  "n_docs": len(gold), "params": params, "gold_tags": gold, "pred_tags": pred}
        yield record | {"expected": clean(expected)}
        average = rng.choice([None, "micro", "macro", "weighted"])
        figure = figures(average)
        returned = dict(zip(kinds, (list(column) for column in figure) if average is None else figure))
        yield record | {"id": f"seqeval-{place}:{average}", "params": params | {"average": average},
                        "expected": clean(returned)}


def labels_of(gold, pred, name, suffix, schemes):
    if name is None:
        from seqeval.metrics.sequence_labeling import get_entities
        return {entity[0] for side in (gold, pred) for entity in get_entities(side, suffix)}
    entities = lambda side: schemes.Entities(side, getattr(schemes, name), suffix).entities
    return {entity.tag for side in (gold, pred) for doc in entities(side) for entity in doc}


# Tokens: presidio-evaluator.

WORDS = ["alpha", "bravo", "Charlie", "de", "DE", "of", "The", "rue", ".", ",", "-", " ", "\n", "İzmir", "ß", "é", "x", "'s",
         "Street", " of ", "\u00a0", "\u2009", "👍", "12", "FR76", "St.", "\x1c"]


def token_case(rng, labels):
    docs = []
    for _ in range(rng.choice([1, 1, 2, 4])):
        tokens, starts, at = [], [], 0
        for _ in range(rng.choice([1, 2, 4, 9, 16, 30])):
            token = rng.choice(WORDS)
            tokens.append(token)
            starts.append(at)
            at += len(token) + rng.choice([0, 1, 1, 1, 2])
        sides = []
        for _ in (0, 1):
            tags = []
            while len(tags) < len(tokens):
                tags += [rng.choice(labels + ["O", "O"])] * rng.randint(1, 6)
            sides.append(tags[: len(tokens)])
        keep = rng.choice([0.0, 0.5, 0.85, 0.95, 1.0])
        pred = [a if rng.random() < keep else b for a, b in zip(*sides)]
        docs.append({"tokens": tokens, "start_indices": starts, "gold_tags": sides[0], "pred_tags": pred})
    return docs


def presidio(rng, cases):
    import pandas
    from presidio_evaluator.evaluation import SpanEvaluator, TokenEvaluator
    from presidio_evaluator.evaluation.skipwords import get_skip_words
    listed = set(get_skip_words())
    for place in range(cases):
        labels = LABELS[: rng.randint(1, 6)]
        docs = token_case(rng, labels)
        skip = rng.choice([None, [], [",", ".", "-", "of", "the"], ["de", "rue", " ", "", "x"]])
        beta = rng.choice([2.0, 2.0, 1.0, 0.5, 0.0])
        level = rng.choice(["both", "both", "entity", "pii"])
        frame = pandas.DataFrame([
            {"sentence_id": number, "token": token, "annotation": gold, "prediction": pred, "start_indices": start}
            for number, doc in enumerate(docs)
            for token, gold, pred, start in zip(doc["tokens"], doc["gold_tags"], doc["pred_tags"], doc["start_indices"])])
        params = {"beta": beta, "level": level, "skip_words": skip}
        if skip is None:
            held = {token for doc in docs for token in doc["tokens"]
                    if token.lower() in listed}
            params |= {"skip_words": "default", "skip_tokens_in_case": sorted(held)}
        least, by_characters = rng.choice([0.5, 0.75, 0.9, 1.0, 0.3, 0.0]), rng.random() < 0.6
        result = SpanEvaluator(skip_words=skip, iou_threshold=least, char_based=by_characters).calculate_score_on_df(
            frame, beta=beta, level=level)
        yield presidio_record(f"presidio-{place}:span", "presidio.span", docs, level, result,
                              params | {"iou_threshold": least, "char_based": by_characters})
        keep = rng.choice([None, None, rng.sample(LABELS, 2), []])
        generic = rng.choice([None, ["SECRET"], ["PII", "ID"]])
        evaluator = TokenEvaluator(skip_words=skip, entities_to_keep=keep, generic_entities=generic)
        result = evaluator.calculate_score_on_df(frame, beta=beta, level=level)
        yield presidio_record(f"presidio-{place}:token", "presidio.token", docs, level, result,
                              params | {"entities_to_keep": keep, "generic_entities": generic})


def presidio_record(name, scheme, docs, level, result, params):
    expected = {}
    if level in ("both", "pii"):
        expected["pii"] = {
            "annotated": result.pii_annotated, "predicted": result.pii_predicted, "tp": result.pii_true_positives,
            "fp": result.pii_false_positives, "fn": result.pii_false_negatives, "precision": result.pii_precision,
            "recall": result.pii_recall, "f_beta": result.pii_f}
    if level in ("both", "entity"):
        expected["per_type"] = {
            label: {"annotated": m.num_annotated, "predicted": m.num_predicted, "tp": m.true_positives,
                    "fp": m.false_positives, "fn": m.false_negatives, "precision": m.precision, "recall": m.recall,
                    "f_beta": m.f_beta}
            for label, m in (result.per_type or {}).items()}
    counted = sorted([gold, pred, count] for (gold, pred), count in (result.results or {}).items())
    expected["confusion"] = counted
    kinds = {"FN": "FN", "FP": "FP", "WrongEntity": "WrongEntity"}
    expected["errors"] = sorted([kinds[error.error_type.name], error.annotation, error.prediction]
                                for error in (result.model_errors or []))
    return {"id": name, "scheme": scheme, "n_docs": len(docs), "params": params, "docs": docs, "expected": clean(expected)}


# Graphemes: openmed.

PIECES = ["a", "Z", " ", "e\u0301", "é", "👍", "👍🏽", "👨‍👩‍👧", "🇫🇷", "🇫", "\r\n", "\n", "ก็", "각", "ᄀ", "\u200d", "ß", "-", "12",
          "\u0301", "क्ष", "‏"]


def openmed(rng, cases):
    from openmed.eval import metrics
    for place in range(cases):
        text = "".join(rng.choice(PIECES) for _ in range(rng.choice([4, 12, 30])))
        labels = ["PERSON", "EMAIL"][: rng.randint(1, 2)]

        def clip(found):
            return [(s, min(e, len(text)), label) for s, e, label in found if s < min(e, len(text))]

        gold = clip(spans(rng, rng.choice([0, 1, 2, 4]), len(text), 9, labels))
        pred = clip(disturbed(rng, gold, labels))
        sides = [[{"start": s, "end": e, "label": label} for s, e, label in side] for side in (gold, pred)]
        leak = metrics.compute_leakage_rate(*sides, source_text=text)
        recall = metrics.compute_character_recall(*sides, source_text=text)
        harmless = metrics.compute_over_redaction_loss(*sides, text_length=len(text), source_text=text)
        expected = {
            "leakage": leak.overall, "leaked_graphemes": leak.leaked_graphemes, "total_graphemes": leak.total_graphemes,
            "character_recall": recall.rate,
            "over_redaction": {"rate": harmless.rate, "numerator": harmless.numerator,
                               "denominator": harmless.denominator}}
        for name, measure in (("exact", metrics.compute_exact_span_f1), ("relaxed", metrics.compute_relaxed_span_f1)):
            f1 = measure(*sides, source_text=text)
            expected[name] = {"tp": f1.true_positives, "fp": f1.false_positives, "fn": f1.false_negatives,
                              "precision": f1.precision, "recall": f1.recall, "f1": f1.f1}
        yield {"id": f"openmed-{place}", "scheme": "openmed.leakage", "n_docs": 1, "params": {}, "text": text,
               "gold": recorded([(gold, pred)], 0), "pred": recorded([(gold, pred)], 1), "expected": clean(expected)}


TOOLS = {"nervaluate": nervaluate, "legacy": lambda rng, cases: nervaluate(rng, cases, legacy=True), "seqeval": seqeval,
         "presidio": presidio, "openmed": openmed}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--cases", type=int, default=2000, help="random cases per tool")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tools", default="nervaluate,seqeval,presidio")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for tool in options.tools.split(","):
        rng = random.Random(f"{options.seed}/{tool}")
        try:
            records = list(TOOLS[tool](rng, options.cases))
        except ImportError as error:
            print(f"{tool}: not installed ({error}): skipped", file=sys.stderr)
            continue
        path = options.folder / f"{tool}.json"
        path.write_text("[\n" + ",\n".join(json.dumps(record) for record in records) + "\n]\n", encoding="utf-8")
        print(f"{path}: {len(records)} records", file=sys.stderr)
        written += len(records)
    if not written:
        sys.exit("no tool is installed: nothing was compared")


if __name__ == "__main__":
    main()
