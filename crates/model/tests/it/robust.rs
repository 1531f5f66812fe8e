//! No input makes the loader panic, hang, or point at a place that is not in the file.

use proptest::prelude::*;

use crate::support::with_rules;

/// A model with a little of everything.
const MODEL: &str = r#"kelvin: 1
model: everything
title: "All of it"   # a comment
kind: acquisition
applies: lead.region != "test"
range: [0, 100]
lists: {served: [US, NO, 'DE'], codes: [1, 2.5, true]}
dimensions:
  fit:
    range: [-100, 50]
    weight: 0.5
    rules:
      - {id: size, value: lead.employees, bands: {1: 0, 50: 5}}
      - id: industry
        value: lead.industry
        table: {Software: 10, 'Übersetzung': 3}
        else: -5
      - id: long
        if: |
          lead.x == 1 &&
            lead.y == "ü"
        disqualify: true
  web:
    rules:
      - id: pages
        event: [page, screen]
        if: event.path.startsWith("/pricing")
        distinct: event.path
        times: 3
        within: 7d
        limit: {times: 3, per: 30d}
        points: event.seats >= 100 ? 25 : 10
        decay: &slow {steps: {7d: 0.75, 90d: 0}}
        cap: 45
      - {id: path, sequence: [{event: a}, {event: b}], points: 3, decay: *slow}
      - {id: stalled, event: a, unless: {event: b}, within: 7d, points: -15}
      - {id: quiet, inactive: 90d, points: -20, every: 30d}
grades: {of: fit, A: 40, B: 25}
tiers: [{name: mql, from: 50}, {name: sql, from: 75, needs: {fit: 20}}]
accounts:
  key: emailDomain(lead.email)
  combine: {top: 3}
  rules: [{id: committee, event: a, people: 3, within: 30d, points: 40}]
"#;

/// Loads bytes and looks at all that is told.
fn load(bytes: &[u8]) -> kelvin_model::Loaded {
    let loaded = kelvin_model::load_bytes("m.yaml", bytes, &|_| Err("not there".to_owned()));
    assert_eq!(loaded.plan.is_none(), loaded.has_errors());
    for diagnostic in &loaded.diagnostics {
        assert!(diagnostic.line() >= 1 && diagnostic.column() >= 1);
        assert!(!diagnostic.labels.is_empty());
        for label in &diagnostic.labels {
            let range = label.span.start..label.span.end;
            assert!(loaded.source.get(range).is_some(), "{diagnostic:?}");
        }
        kelvin_model::diagnostics::to_json(diagnostic, &loaded.name);
    }
    loaded.render(false);
    loaded
}

#[test]
fn the_model_with_everything_is_a_model() {
    let loaded = load(MODEL.as_bytes());
    assert!(loaded.plan.is_some(), "{}", loaded.render(false));
}

#[test]
fn every_beginning_of_a_model_is_survived() {
    for end in (0..MODEL.len()).step_by(13) {
        load(&MODEL.as_bytes()[..end]);
    }
}

#[test]
fn line_ends_and_byte_order_marks_do_not_matter() {
    let crlf = load(MODEL.replace('\n', "\r\n").as_bytes());
    assert!(crlf.plan.is_some(), "{}", crlf.render(false));
    let marked = load(format!("\u{feff}{MODEL}").as_bytes());
    assert!(marked.plan.is_some(), "{}", marked.render(false));
}

#[test]
fn bombs_do_not_go_off() {
    let bombs = [
        "[".repeat(100_000),
        "{a: ".repeat(50_000),
        "- ".repeat(50_000),
        "a:\n ".repeat(1000),
        format!("kelvin: 1\nmodel: m\ndimensions: {}", "{a: ".repeat(1000)),
        with_rules(&format!("- {{id: a, if: '{}', points: 1}}", "(".repeat(50_000))),
        with_rules(&format!("- {{id: a, if: '{}lead.x', points: 1}}", "!".repeat(50_000))),
        with_rules(&format!("- {{id: a, if: 'lead.x{}', points: 1}}", " + 1".repeat(20_000))),
        with_rules(&format!("- {{id: a, if: 'lead{}', points: 1}}", ".x".repeat(20_000))),
        with_rules(&format!("- {{id: a, if: '{}', points: 1}}", "[".repeat(20_000))),
        with_rules(&"- {id: a, event: a, points: 1}\n".repeat(1000)),
        with_rules(&format!("- {{id: a, value: lead.x, bands: {{{}}}}}", "1: 1, ".repeat(2000))),
        "\"".repeat(10_000),
        "a: \"\n".repeat(2000),
        "a: b: c\n".repeat(2000),
        "\0\n".repeat(2000),
        "x".repeat(3 << 20),
    ];
    for bomb in bombs {
        assert!(load(bomb.as_bytes()).has_errors(), "{}", &bomb[..80]);
    }
}

#[test]
fn aliases_of_aliases_end() {
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for n in 1..30 {
        let row = vec![format!("*a{}", n - 1); 10].join(", ");
        laughs.push_str(&format!("a{n}: &a{n} [{row}]\n"));
    }
    let loaded = load(laughs.as_bytes());
    assert!(loaded.diagnostics.iter().any(|diagnostic| diagnostic.code == "yaml-alias"));
}

#[test]
fn numbers_of_any_size_are_survived() {
    for number in
        ["1e999", "-1e999", "9223372036854775808", "0x8000000000000000", ".nan", "-0", "1e-999", "0b1"]
    {
        let rule = format!("- {{id: a, event: page, times: {number}, points: {number}, cap: {number}}}");
        load(with_rules(&rule).as_bytes());
        load(with_rules(&format!("- {{id: a, value: lead.x, bands: {{{number}: {number}}}}}")).as_bytes());
    }
}

/// Pieces that break files.
const PIECES: &[&str] = &[
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    ": ",
    ":",
    "- ",
    "#",
    " #",
    "!",
    "&a",
    "*a",
    "|",
    ">",
    "\t",
    "\r",
    "\n",
    "\0",
    "é",
    "\u{feff}",
    "\u{2028}",
    "😀",
    "---",
    "...",
    "%YAML 1.2",
    "@",
    "`",
    "? ",
    "0",
    "-",
    ".inf",
    "null",
    "\\",
    "\\u",
    "has(",
    "lead.",
    " ? ",
    "if: ",
    "  ",
    "points: ",
    "\u{7f}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        load(&bytes);
    }

    #[test]
    fn broken_models_are_survived(
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0..12_usize, 0..PIECES.len() + 1), 1..6)
    ) {
        let mut text = MODEL.to_owned();
        for (at, length, piece) in cuts {
            let at = floor(&text, at.index(text.len() + 1));
            let end = floor(&text, (at + length).min(text.len())).max(at);
            text.replace_range(at..end, PIECES.get(piece).copied().unwrap_or_default());
        }
        load(text.as_bytes());
    }

    #[test]
    fn lines_in_any_order_are_survived(order in proptest::collection::vec(any::<prop::sample::Index>(), 1..60)) {
        let lines: Vec<&str> = MODEL.lines().collect();
        let text: String = order.iter().map(|line| format!("{}\n", line.get(&lines))).collect();
        load(text.as_bytes());
    }
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
