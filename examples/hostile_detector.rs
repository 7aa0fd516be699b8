//! A detector that misbehaves in the way its first argument names; `tests/protocol.rs` shows that none
//! of these ways becomes a hang, a lost run or a wrong number.

use serde_json::{Value, json};
use std::io::{self, BufRead, Write};
use std::process::{Command, exit};
use std::time::Duration;

const READY: &str =
    r#"{"type":"ready","name":"hostile","version":"1","offsets":"utf16","labels":["N"]}"#;

fn say(line: &str) {
    let mut out = io::stdout().lock();
    // A harness that has given up on us has closed the pipe.
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        exit(0);
    }
}

fn sleep_for_ever() -> ! {
    loop {
        std::thread::sleep(Duration::from_secs(60));
    }
}

/// The well-formed answer to a batch, each item with the spans given.
fn result(request: &Value, spans: &Value) -> Value {
    let items: Vec<Value> = request["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|item| json!({"id": item["id"], "spans": spans}))
        .collect();
    json!({"type": "result", "id": request["id"], "items": items})
}

fn main() {
    let way = std::env::args().nth(1).unwrap_or_default();
    match way.as_str() {
        "never-reads" => sleep_for_ever(),
        "prose-before-ready" => say("Loading model, please wait..."),
        "prose-on-stderr" => eprintln!("Loading model, please wait..."),
        "slow-start" => std::thread::sleep(Duration::from_secs(30)),
        "dies-at-start" => {
            eprintln!("ModuleNotFoundError: no module named 'model'");
            exit(3);
        }
        "flood-at-start" => loop {
            let _ = io::stdout().write_all(&[b'x'; 1 << 16]);
        },
        _ => {}
    }
    let mut batches = 0;
    for line in io::stdin().lock().lines() {
        let Ok(line) = line else { return };
        let request: Value = serde_json::from_str(&line).unwrap_or_default();
        match request["type"].as_str() {
            Some("hello") => ready(&way),
            Some("batch") => {
                batches += 1;
                batch(&way, &request, batches);
            }
            Some("bye") if way == "ignores-bye" => sleep_for_ever(),
            Some("bye") => return,
            _ => {}
        }
    }
    if way == "ignores-bye" {
        sleep_for_ever();
    }
}

fn ready(way: &str) {
    match way {
        "no-version" => say(&READY.replace(r#","version":"1""#, "")),
        "unknown-unit" => say(&READY.replace("utf16", "graphemes")),
        "no-labels" => say(&READY.replace(r#","labels":["N"]"#, "")),
        "refuses" => say(r#"{"type":"error","message":"no licence for fr-FR"}"#),
        _ => say(READY),
    }
}

fn batch(way: &str, request: &Value, batches: u32) {
    let fine = json!([{"start": 0, "end": 1, "label": "N"}]);
    let spans = |span: &str| {
        result(
            request,
            &json!([serde_json::from_str::<Value>(span).unwrap_or_default()]),
        )
    };
    let mut answer = result(request, &fine);
    match way {
        "hang" => sleep_for_ever(),
        "hang-with-words" => {
            eprintln!("waiting for a lock");
            sleep_for_ever();
        }
        "crash" => {
            eprintln!("first line of a long trace");
            eprintln!("segmentation fault, more or less");
            exit(139);
        }
        "dies-mid-run" if batches > 1 => exit(1),
        "closes-stdout" => exit(0),
        "flood" => loop {
            let _ = io::stdout().write_all(&[b'x'; 1 << 16]);
        },
        "flood-of-lines" => loop {
            say(r#"{"type":"result","id":0,"items":[]}"#);
        },
        "flood-on-stderr" => {
            for _ in 0..20_000 {
                eprintln!("a warning that nobody reads, again and again and again");
            }
        }
        "bad-json" => return say(r#"{"type":"result","id":"#),
        "not-utf8" => {
            let mut out = io::stdout().lock();
            let _ = out.write_all(b"{\"type\":\"result\",\"id\":1,\"x\":\"\xff\"}\n");
            let _ = out.flush();
            return;
        }
        "prose" => return say("Processing batch 1/1"),
        "wrong-id" => answer["id"] = json!(999),
        "no-id" => answer["id"] = Value::Null,
        "wrong-item-id" => answer["items"][0]["id"] = json!("somebody"),
        "extra-item" => {
            let extra = json!({"id": "somebody", "spans": []});
            answer["items"]
                .as_array_mut()
                .expect("items are an array")
                .push(extra);
        }
        "missing-id" => {
            answer["items"]
                .as_array_mut()
                .expect("items are an array")
                .pop();
        }
        "duplicate-id" => {
            let first = answer["items"][0].clone();
            answer["items"]
                .as_array_mut()
                .expect("items are an array")
                .push(first);
        }
        "any-order" => answer["items"]
            .as_array_mut()
            .expect("items are an array")
            .reverse(),
        "bad-offset" => answer = spans(r#"{"start":0,"end":100000,"label":"N"}"#),
        "reversed" => answer = spans(r#"{"start":2,"end":1,"label":"N"}"#),
        "negative" => answer = spans(r#"{"start":-2,"end":1,"label":"N"}"#),
        "off-boundary" => answer = spans(r#"{"start":1,"end":2,"label":"N"}"#),
        "other-text" => answer = spans(r#"{"start":0,"end":2,"label":"N","text":"zz"}"#),
        "unknown-label" => answer = spans(r#"{"start":0,"end":2,"label":"M"}"#),
        "nan-score" => {
            return say(&spans(r#"{"start":0,"end":2,"label":"N","score":0}"#)
                .to_string()
                .replace("\"score\":0", "\"score\":NaN"));
        }
        "huge-score" => answer = spans(r#"{"start":0,"end":2,"label":"N","score":1e300}"#),
        "reports" => {
            answer =
                json!({"type": "error", "id": request["id"], "message": "out of memory\u{1b}[31m"})
        }
        "grandchild" => {
            // It keeps our stdout open after we are gone.
            let mut command = Command::new("sleep");
            let _ = command.arg("300").spawn();
            exit(1);
        }
        "answers-with-grandchild" => {
            let _ = Command::new("sleep").arg("300").spawn();
        }
        _ => {}
    }
    let whole = way == "well-behaved"
        || way.starts_with("any")
        || way.starts_with("flood-on")
        || way.starts_with("prose-on");
    if whole || way == "dies-mid-run" || way == "ignores-bye" || way == "answers-with-grandchild" {
        // Behind an emoji a first unit of UTF-16 is half a character: answer with the whole of it.
        let spans = json!([{"start": 0, "end": 2, "label": "N"}]);
        for item in answer["items"].as_array_mut().into_iter().flatten() {
            item["spans"] = spans.clone();
        }
    }
    say(&answer.to_string());
}
