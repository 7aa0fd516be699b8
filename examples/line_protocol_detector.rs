//! A well-behaved detector behind the line protocol (`docs/protocol.md`), in some sixty lines: it
//! finds runs of four or more digits. Try it by hand:
//!
//! ```text
//! $ cargo run --example line_protocol_detector
//! {"type":"hello","protocol":1,"feed":"stream","history":6,"threads":1,"languages":["fr-FR"]}
//! {"labels":["NUMBER"],"name":"digits","offsets":"codepoint","threads":1,"type":"ready","version":"1.0.0"}
//! {"type":"batch","id":1,"items":[{"id":"m0","conversation":"k0","turn":0,"last":true,"speaker":"customer","lang":"fr-FR","text":"code 482913"}]}
//! {"id":1,"items":[{"id":"m0","spans":[{"end":11,"label":"NUMBER","score":1.0,"start":5,"text":"482913"}]}],"ns":2913,"type":"result"}
//! {"type":"bye"}
//! ```

use serde_json::{Value, json};
use std::io::{self, BufRead, Write};
use std::time::Instant;

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        let response = match request["type"].as_str() {
            // The declared unit is the one in which `spans` counts below: characters.
            Some("hello") => json!({
                "type": "ready", "name": "digits", "version": "1.0.0",
                "offsets": "codepoint", "labels": ["NUMBER"], "threads": 1,
            }),
            Some("batch") => answer(&request),
            // The end of stdin means the same.
            Some("bye") => return Ok(()),
            // Types that a later version may add are no concern of this one.
            _ => continue,
        };
        writeln!(out, "{response}")?;
        // An answer that waits in a buffer is an answer that is late.
        out.flush()?;
    }
    Ok(())
}

#[allow(
    clippy::disallowed_methods,
    reason = "a detector may report its own time"
)]
fn answer(request: &Value) -> Value {
    let start = Instant::now();
    let items: Vec<Value> = request["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|item| json!({"id": item["id"], "spans": spans(item["text"].as_str().unwrap_or(""))}))
        .collect();
    let ns = start.elapsed().as_nanos() as u64;
    json!({"type": "result", "id": request["id"], "ns": ns, "items": items})
}

fn spans(text: &str) -> Vec<Value> {
    let characters: Vec<char> = text.chars().collect();
    let mut spans = Vec::new();
    let mut start = 0;
    for run in characters.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()) {
        let end = start + run.len();
        if run[0].is_ascii_digit() && run.len() >= 4 {
            let text: String = run.iter().collect();
            // `score` and `text` are optional; a `text` that differs from the slice is an error.
            spans.push(
                json!({"start": start, "end": end, "label": "NUMBER", "score": 1.0, "text": text}),
            );
        }
        start = end;
    }
    spans
}
