#!/usr/bin/env python3
"""presidio-research's own data, scored by its evaluator and by tellerbench, and what lies between.

    python3 presidio_data.py TELLERBENCH FOLDER [--sentences 1500] [--seed 1]

Sentences come from the generator and templates that presidio-evaluator ships (no network), predictions from the pattern
recognisers of presidio-analyzer (no language model). Both evaluators get the tokens of `--tokens words`, since the tool's
own tokens come from a language model. Every figure of SpanEvaluator is compared with `score --as presidio-span`; a
difference of more than 1e-9 is an error.
"""

import argparse
import contextlib
import json
import logging
import math
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from speed import frame  # noqa: E402

logging.disable(logging.WARNING)


def sentences(count, seed):
    from presidio_evaluator.data_generator.presidio_sentence_faker import PresidioSentenceFaker
    with contextlib.redirect_stdout(sys.stderr):
        faker = PresidioSentenceFaker("en_US", lower_case_ratio=0.05, random_seed=seed)
        import random
        random.seed(seed)
        return faker.generate_new_fake_sentences(count)


def recognisers():
    from presidio_analyzer import predefined_recognizers as known
    wanted = {"CreditCardRecognizer": None, "DateRecognizer": None, "EmailRecognizer": None, "IbanRecognizer": None,
              "IpRecognizer": None, "PhoneRecognizer": None, "UrlRecognizer": "DOMAIN_NAME", "UsLicenseRecognizer": None,
              "UsSsnRecognizer": None}
    return [(getattr(known, name)(), label) for name, label in wanted.items()]


def found(text, all_recognisers, least):
    spans = []
    for recogniser, label in all_recognisers:
        for result in recogniser.analyze(text, recogniser.supported_entities, None) or []:
            if result.score >= least:
                spans.append({"start": result.start, "end": result.end, "label": label or result.entity_type})
    return sorted(spans, key=lambda span: (span["start"], span["end"], span["label"]))


def main():
    if os.environ.get("PYTHONHASHSEED") != "0":
        # The generator iterates over sets: without this a seed does not give the same sentences twice.
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tellerbench")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--sentences", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least-score", type=float, default=0.4)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    from presidio_evaluator.evaluation import SpanEvaluator

    documents = []
    all_recognisers = recognisers()
    for sentence in sentences(options.sentences, options.seed):
        text = sentence.fake if hasattr(sentence, "fake") else sentence.full_text
        gold = [{"start": span.start_position, "end": span.end_position, "label": span.entity_type}
                for span in sorted(sentence.spans, key=lambda span: span.start_position)]
        documents.append((text, gold, found(text, all_recognisers, options.least_score)))
    files = [options.folder / "gold.jsonl", options.folder / "predictions.jsonl"]
    for side, file in enumerate(files, 1):
        lines = [json.dumps({"text": document[0], "spans": document[side]}, ensure_ascii=False) for document in documents]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    theirs = SpanEvaluator().calculate_score_on_df(frame(documents))
    score = [options.tellerbench, "score", *map(str, files), "--input-format", "spacy"]
    output = subprocess.run(score + ["--as", "presidio-span", "--format", "json"], check=True, capture_output=True).stdout
    ours = json.loads(output)["report"]
    compare("pii", ours["pii"], {
        "annotated": theirs.pii_annotated, "predicted": theirs.pii_predicted, "tp": theirs.pii_true_positives,
        "fp": theirs.pii_false_positives, "fn": theirs.pii_false_negatives, "precision": theirs.pii_precision,
        "recall": theirs.pii_recall, "f_beta": theirs.pii_f})
    if sorted(ours["per_type"]) != sorted(theirs.per_type):
        sys.exit(f"labels: {sorted(ours['per_type'])}, theirs {sorted(theirs.per_type)}")
    for label, m in theirs.per_type.items():
        compare(label, ours["per_type"][label], {
            "annotated": m.num_annotated, "predicted": m.num_predicted, "tp": m.true_positives, "fp": m.false_positives,
            "fn": m.false_negatives, "precision": m.precision, "recall": m.recall, "f_beta": m.f_beta})
    print(f"{len(documents)} sentences, {sum(len(gold) for _, gold, _ in documents)} gold spans, "
          f"{sum(len(spans) for _, _, spans in documents)} predictions; {len(theirs.per_type) + 1} rows of SpanEvaluator equal "
          f"to `score --as presidio-span`\n", flush=True)
    explained = ["--explain-difference", "presidio-span", "--show-values"]
    subprocess.run(score + explained, check=True)


def compare(name, ours, theirs):
    for field, figure in theirs.items():
        mine = ours[field]
        undefined = figure is None or math.isnan(figure)
        if (mine is None) != undefined or (not undefined and abs(mine - figure) > 1e-9):
            sys.exit(f"{name} {field}: {figure}, tellerbench says {mine}")


if __name__ == "__main__":
    main()
