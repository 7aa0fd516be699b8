//! What is still readable behind a detector: the messages of a conversation that hold something
//! sensitive, masked.
//!
//! ```text
//! $ cargo run --release --example redact -- gate-fr-000000115 luhn-regex rules mask-digits
//! ```

use std::error::Error;
use tellerbench::corpus::{Corpus, suites};
use tellerbench::detectors::Feed;
use tellerbench::detectors::child::Session;
use tellerbench::detectors::declared::Declared;
use tellerbench::detectors::feeds::{Fed, answer};
use tellerbench::scoring::Cover;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let id = arguments.next().ok_or("usage: redact ID DETECTOR…")?;
    let (suite, index) = id
        .rsplit_once('-')
        .ok_or("an id is <suite>-<nine digits>")?;
    let suite = suites::find(suite)?;
    let conversation = Corpus::new(suite.spec, suite.seed)?.conversation(index.parse()?);
    let conversations = [conversation];
    let fed = Fed::new(Feed::Stream, &conversations, 0);
    let declared = Declared::shipped();
    for name in arguments {
        let session = Session::new(Feed::Stream, [conversations[0].lang.to_string()]);
        let mut detector = declared.find(&name)?.open(&session)?.detector;
        let clock = &*session.clock;
        let answers = answer(&mut *detector, &fed, 64, 0, clock, &mut |_| {})?;
        println!("{name}");
        let messages = conversations[0].messages.iter();
        let units = messages.flat_map(|message| message.units().map(move |unit| (message, unit)));
        for ((message, (pointer, body)), found) in units.zip(answers.predictions.units()) {
            if body.spans().next().is_some() && pointer.is_empty() {
                let cover = Cover::of(found.iter().map(|prediction| prediction.range));
                let mut text = String::new();
                let mut at = 0;
                for range in cover.ranges() {
                    let range = range.as_range();
                    text.push_str(&body.text()[at..range.start]);
                    text.extend(body.text()[range.clone()].chars().map(|_| '█'));
                    at = range.end;
                }
                text.push_str(&body.text()[at..]);
                println!("  {:>12}  {}", message.speaker, text);
            }
        }
    }
    Ok(())
}
