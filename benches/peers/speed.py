#!/usr/bin/env python3
"""Documents per CPU-second: tellerbench, nervaluate and presidio-evaluator's SpanEvaluator on one corpus.

    python3 speed.py TELLERBENCH GOLD.jsonl PREDICTIONS.jsonl [--runs 5] [--slow-documents 2000]

All read the same two files: ours, or with --input-format spacy lines of {"text", "spans"} on both sides (then tellerbench's
own scorer, which needs its taxonomy, is left out). CPU time is user + system time: of the child process for tellerbench
(start-up, reading, scoring, printing), of the evaluator alone for the others (documents already in memory, in the form that
the tool takes). The runs of all tools are interleaved. presidio's evaluator gets the first --slow-documents documents and
the words of the pattern that `--tokens words` uses; its cost per document does not fall with more of them. The figures of
nervaluate (and of presidio, where it gets all documents) are compared with those of `score --as` before anything is timed.
"""

import argparse
import json
import logging
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import time

logging.disable(logging.WARNING)
WORDS = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*|[^\w\s]|_")


def foreign(gold_path, predictions_path):
    """(text, gold, predictions) per document of two files in the format of spaCy."""
    with open(gold_path, encoding="utf-8") as golds, open(predictions_path, encoding="utf-8") as answers:
        for gold, answer in zip(map(json.loads, golds), map(json.loads, answers)):
            yield gold["text"], gold["spans"], answer["spans"]


def units(gold_path, predictions_path):
    """(text, gold, predictions) per unit, in the order of the files."""
    with open(predictions_path, encoding="utf-8") as lines:
        next(lines)
        predictions = [json.loads(line)["spans"] for line in lines if line.strip()]
    answers = iter(predictions)
    with open(gold_path, encoding="utf-8") as lines:
        for line in lines:
            for message in json.loads(line)["messages"]:
                for unit in [message] + message["fields"]:
                    yield unit["text"], unit["spans"], next(answers)


def run_cpu(command):
    """User + system time of a child process, and its output."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = subprocess.run(command, check=True, capture_output=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, output


def tags(text, spans, tokens):
    from presidio_evaluator.span_to_tag import span_to_tag
    return span_to_tag("IO", text, [s["start"] for s in spans], [s["end"] for s in spans], [s["label"] for s in spans],
                       tokens=tokens)


class Token:
    """What span_to_tag reads of a token of spaCy."""

    def __init__(self, match):
        self.text, self.idx = match.group(), match.start()


def frame(documents):
    import pandas
    rows = []
    for number, (text, gold, predictions) in enumerate(documents):
        tokens = [Token(match) for match in WORDS.finditer(text)]
        if not tokens:
            continue
        for token, a, p in zip(tokens, tags(text, gold, tokens), tags(text, predictions, tokens)):
            rows.append({"sentence_id": number, "token": token.text, "annotation": a, "prediction": p,
                         "start_indices": token.idx})
    return pandas.DataFrame(rows)


def nervaluate_form(documents):
    form = lambda spans: [{"label": s["label"], "start": s["start"], "end": s["end"] - 1} for s in spans]
    labels = sorted({s["label"] for _, gold, found in documents for s in gold + found})
    return [form(gold) for _, gold, _ in documents], [form(found) for _, _, found in documents], labels


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tellerbench")
    parser.add_argument("gold")
    parser.add_argument("predictions")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--slow-documents", type=int, default=2000)
    parser.add_argument("--input-format", choices=["spacy"])
    options = parser.parse_args()
    from nervaluate.evaluator import Evaluator
    from presidio_evaluator.evaluation import SpanEvaluator

    read = foreign if options.input_format else units
    documents = list(read(options.gold, options.predictions))
    spans = sum(len(gold) for _, gold, _ in documents)
    few = frame(documents[: options.slow_documents])
    slow_count = min(options.slow_documents, len(documents))
    true, pred, labels = nervaluate_form(documents)
    score = [options.tellerbench, "score", options.gold, options.predictions, "--format", "json"]
    raw = ["--label-names", "raw"]
    if options.input_format:
        score += ["--input-format", options.input_format]

    ours = json.loads(run_cpu(score + ["--as", "nervaluate"] + raw)[1])["report"]["overall"]
    theirs = Evaluator(true, pred, tags=labels, loader="dict").evaluate()["overall"]
    for mode, figures in theirs.items():
        for field, figure in ours[mode].items():
            if abs(getattr(figures, field) - figure) > 1e-9:
                sys.exit(f"nervaluate {mode} {field}: {getattr(figures, field)}, tellerbench says {figure}")
    whole = SpanEvaluator().calculate_score_on_df(frame(documents)) if slow_count == len(documents) else None
    if whole is not None:
        ours = json.loads(run_cpu(score + ["--as", "presidio-span"] + raw)[1])["report"]
        pairs = [(whole.pii_annotated, ours["pii"]["annotated"]), (whole.pii_predicted, ours["pii"]["predicted"]),
                 (whole.pii_true_positives, ours["pii"]["tp"])]
        if any(a != b for a, b in pairs):
            sys.exit(f"presidio-evaluator: {pairs}")

    def evaluator(work, count):
        def run():
            before = time.process_time()
            work()
            return count / (time.process_time() - before)
        return run

    def command(extra):
        return lambda: len(documents) / run_cpu(score + extra)[0]

    contenders = {
        "tellerbench score": command([]),
        "tellerbench score --as nervaluate": command(["--as", "nervaluate"]),
        "tellerbench score --as presidio-span": command(["--as", "presidio-span"]),
        "nervaluate 1.2.1, in memory": evaluator(
            lambda: Evaluator(true, pred, tags=labels, loader="dict").evaluate(), len(documents)),
        "presidio-evaluator 0.3.2 SpanEvaluator, in memory": evaluator(
            lambda: SpanEvaluator().calculate_score_on_df(few), slow_count),
    }
    if options.input_format:
        del contenders["tellerbench score"]
    rates = {name: [] for name in contenders}
    for _ in range(options.runs):
        for name, run in contenders.items():
            rates[name].append(run())
    print(f"{platform.machine()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}; "
          f"{len(documents)} documents, {spans} gold spans; {options.runs} interleaved runs; documents per CPU-second\n")
    print("| | median | least | most |\n|---|--:|--:|--:|")
    for name, rate in rates.items():
        print(f"| {name} | {statistics.median(rate):,.0f} | {min(rate):,.0f} | {max(rate):,.0f} |")
    median = {name: statistics.median(rate) for name, rate in rates.items()}
    nervaluate, presidio = list(median)[-2:]
    print()
    for name in list(median)[:-2]:
        print(f"{name}: {median[name] / median[nervaluate]:,.0f} × nervaluate, "
              f"{median[name] / median[presidio]:,.0f} × SpanEvaluator")


if __name__ == "__main__":
    main()
