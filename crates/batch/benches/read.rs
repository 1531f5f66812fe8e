//! How fast inputs are read: megabytes of text a second on one thread, and a Parquet file if one is named.
//!
//! `cargo bench -p kelvin-batch --bench read [-- EVENTS.parquet THREADS]`
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench measures and tells"
)]

use std::{fmt::Write, io::Cursor, ops::ControlFlow, time::Instant};

use kelvin_batch::read::{EventChunk, Input, ReadOptions, Reader, Rejects, Wanted};
use kelvin_kernel::plan::{Field, Usage};

const EVENTS: usize = 1_000_000;

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let wanted = wanted();
    if let [path, rest @ ..] = arguments.as_slice() {
        let threads = rest.first().and_then(|threads| threads.parse().ok()).unwrap_or(2);
        for _ in 0..3 {
            let started = Instant::now();
            let events = read(vec![Input::file(path)], &wanted, threads);
            let seconds = started.elapsed().as_secs_f64();
            println!("parquet          {events:>9} events on {threads} threads in {seconds:.2} s");
        }
        return;
    }
    for (name, file, text) in [
        ("csv", "e.csv", csv("", ",")),
        ("csv, quoted", "e.csv", csv("\"", ",")),
        ("json lines", "e.jsonl", json_lines()),
        ("segment", "e.jsonl", segment()),
    ] {
        let megabytes = text.len() as f64 / 1e6;
        let best = (0..5)
            .map(|_| {
                let input = Input::stream(file, Cursor::new(text.clone()));
                let started = Instant::now();
                assert_eq!(read(vec![input], &wanted, 1), EVENTS);
                started.elapsed().as_secs_f64()
            })
            .fold(f64::INFINITY, f64::min);
        let (rate, each) = (megabytes / best, best / EVENTS as f64 * 1e9);
        println!(
            "{name:<16} {rate:>6.0} MB/s  {each:>5.0} ns an event of {:.0} bytes",
            megabytes * 1e6 / EVENTS as f64
        );
    }
}

fn wanted() -> Wanted {
    let mut wanted = Wanted::default();
    for (name, usage) in [("path", Usage::Text), ("asset", Usage::Text), ("duration", Usage::Number)] {
        wanted.schema.event.fields.push(Field { name: name.into(), usage });
    }
    for name in ["page", "Email Opened", "Asset Downloaded", "Demo Requested"] {
        wanted.names.intern(name);
    }
    wanted
}

fn read(inputs: Vec<Input>, wanted: &Wanted, threads: usize) -> usize {
    let reader = Reader::<EventChunk>::open(inputs, wanted, &ReadOptions::default()).unwrap();
    let rejects = Rejects::new(|reject| {
        println!("{reject}");
        ControlFlow::Break(())
    });
    let work = || {
        let mut worker = reader.worker();
        let mut events = 0;
        while let Some(chunk) = worker.next(&rejects).unwrap() {
            events += chunk.len();
        }
        events
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}

/// What differs from event to event: the lead, the time, the path or asset, the seconds spent.
fn varied() -> impl Iterator<Item = (usize, String, usize, usize)> {
    (0..EVENTS).map(|n| {
        let mixed = n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
        let time = format!(
            "2026-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            n % 12 + 1,
            n % 28 + 1,
            n % 24,
            n % 60,
            n % 59,
            n % 997
        );
        (mixed % 100_000, time, mixed % 40, mixed % 600)
    })
}

fn csv(quote: &str, delimiter: &str) -> Vec<u8> {
    let mut text = ["lead_id", "time", "event", "path", "asset", "duration", "browser", "country"]
        .join(delimiter)
        + "\n";
    for (lead, time, choice, seconds) in varied() {
        let cells = [
            format!("lead-{lead:09}"),
            time,
            "page".to_owned(),
            format!("/docs/{choice}"),
            String::new(),
            seconds.to_string(),
            "Firefox".to_owned(),
            "DE".to_owned(),
        ];
        let cells: Vec<_> = cells.iter().map(|cell| format!("{quote}{cell}{quote}")).collect();
        text.push_str(&cells.join(delimiter));
        text.push('\n');
    }
    text.into_bytes()
}

fn json_lines() -> Vec<u8> {
    let mut text = String::new();
    for (lead, time, choice, seconds) in varied() {
        writeln!(
            text,
            r#"{{"lead_id":"lead-{lead:09}","time":"{time}","event":"page","path":"/docs/{choice}","duration":{seconds},"browser":"Firefox"}}"#
        )
        .unwrap();
    }
    text.into_bytes()
}

fn segment() -> Vec<u8> {
    let mut text = String::new();
    for (n, (lead, time, choice, seconds)) in varied().enumerate() {
        writeln!(
            text,
            r#"{{"anonymousId":"507f191e810c19729de860ea","channel":"browser","context":{{"ip":"8.8.8.8","userAgent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_5) AppleWebKit/537.36"}},"messageId":"022bb90c-bbac-11e4-8dfc-{n:012}","properties":{{"path":"/docs/{choice}","title":"Docs \"{choice}\"","duration":{seconds}}},"receivedAt":"{time}","sentAt":"{time}","timestamp":"{time}","type":"page","userId":"lead-{lead:09}","version":"1.1"}}"#
        )
        .unwrap();
    }
    text.into_bytes()
}
