//! Generation by stage: a conversation, and its record line.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use tellerbench::corpus::{Corpus, Spec};
use tellerbench::formats::jsonl;
use tellerbench::text::OffsetUnit;

fn generation(c: &mut Criterion) {
    let spec = Spec::for_languages([("fr-FR".to_owned(), 1)].into());
    let corpus = Corpus::new(spec, 42).expect("the default spec can be met");
    let mut line = Vec::new();
    for index in 0..1000 {
        jsonl::write(
            &corpus.conversation(index),
            OffsetUnit::Codepoint,
            &mut line,
        );
    }
    let mut group = c.benchmark_group("generation");
    group.sample_size(20);
    group.throughput(Throughput::Elements(1000));
    group.bench_function("conversations", |b| {
        b.iter(|| (0..1000).for_each(|index| drop(black_box(corpus.conversation(index)))));
    });
    group.throughput(Throughput::Bytes(line.len() as u64));
    group.bench_function("to_jsonl", |b| {
        b.iter(|| {
            line.clear();
            for index in 0..1000 {
                jsonl::write(
                    &corpus.conversation(index),
                    OffsetUnit::Codepoint,
                    &mut line,
                );
            }
            black_box(line.len())
        });
    });
    group.finish();
}

criterion_group!(benches, generation);
criterion_main!(benches);
