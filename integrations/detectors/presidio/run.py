"""Presidio's own pattern recognisers behind tellerbench's line protocol (docs/protocol.md).

No language model takes part: the engine is Presidio's `NoOpNlpEngine`, so there are no named entities and no
context words from the text. Everything else is as shipped: recognisers enabled by default, threshold 0.

    run.py             presidio-patterns: French and English as shipped (no card recogniser in French)
    run.py --fr-card   presidio-patterns-fr-card: the card recogniser is registered for French too
"""

import json
import os
import sys
import time

# Whatever a library prints belongs on stderr: stdout is the protocol's.
protocol = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", newline="\n")
os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

from importlib.metadata import version  # noqa: E402

import tldextract  # noqa: E402
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry  # noqa: E402
from presidio_analyzer.nlp_engine import NoOpNlpEngine  # noqa: E402
from presidio_analyzer.predefined_recognizers import CreditCardRecognizer  # noqa: E402

# The e-mail recogniser would fetch the public suffix list from the network; the package carries one.
tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

SHIPPED = ("en", "fr")


def analyzer(fr_card):
    engine = NoOpNlpEngine([{"lang_code": code, "model_name": "no_op"} for code in SHIPPED])
    engine.load()
    registry = RecognizerRegistry(supported_languages=list(SHIPPED))
    registry.load_predefined_recognizers(languages=list(SHIPPED), nlp_engine=engine)
    if fr_card:
        registry.add_recognizer(CreditCardRecognizer(supported_language="fr"))
    return AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=list(SHIPPED))


def spans(engine, item):
    language = item["lang"].split("-")[0]
    if not item["text"]:
        return []
    found = engine.analyze(text=item["text"], language=language)
    return [{"start": r.start, "end": r.end, "label": r.entity_type, "score": r.score} for r in found]


def answer(engine, batch):
    start = time.perf_counter_ns()
    try:
        items = [{"id": item["id"], "spans": spans(engine, item)} for item in batch["items"]]
    except Exception as error:  # an error of the tool is a row of the report
        return {"type": "error", "id": batch["id"], "message": f"{type(error).__name__}: {error}"}
    return {"type": "result", "id": batch["id"], "ns": time.perf_counter_ns() - start, "items": items}


def main():
    engine = None
    for line in sys.stdin.buffer:
        message = json.loads(line)
        if message["type"] == "hello":
            engine = analyzer("--fr-card" in sys.argv[1:])
            labels = sorted({e for code in SHIPPED for e in engine.get_supported_entities(code)})
            response = {"type": "ready", "name": "presidio-patterns", "version": version("presidio-analyzer"),
                        "offsets": "codepoint", "labels": labels, "threads": 1}
        elif message["type"] == "batch":
            response = answer(engine, message)
        elif message["type"] == "bye":
            return
        else:
            continue
        protocol.write(json.dumps(response, ensure_ascii=False, allow_nan=False) + "\n")
        protocol.flush()


if __name__ == "__main__":
    main()
