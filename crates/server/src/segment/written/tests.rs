//! What is read where it stands is what `serde_json` reads.

use serde_json::json;

use super::*;

const SEEDS: [&str; 8] = [
    r#"{"type":"track","userId":"ada","properties":{"path":"/","seconds":25},"context":{"ip":null}}"#,
    r#" { "a" : [ 1 , -2.5e3 , -0, 18446744073709551616 ] , "b" : { } , "c" : [ ] } "#,
    r#"{"a":1,"b":{"a":[{"a":true},false]},"a":2}"#,
    r#"["\u00e9\"\\\/\b\f\n\r\t","🦀","\ud83e\udd80",""]"#,
    r#"[0.1,1E5,1e-7,0,-1,9007199254740993]"#,
    r#""text""#,
    "null",
    "[[[[[[[[[[]]]]]]]]]]",
];

fn check(text: &str) {
    let own = Written::read(text.to_owned()).map(|written| written.root().json());
    assert_eq!(own, serde_json::from_str(text).ok(), "{text}");
}

/// SplitMix64: the same numbers in every run.
fn below(state: &mut u64, end: usize) -> usize {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((z ^ (z >> 27)) >> 33) as usize % end
}

#[test]
fn it_reads_what_serde_json_reads_and_nothing_else() {
    SEEDS.iter().for_each(|seed| check(seed));
    let (random, pieces) =
        (&mut 1, ["\"", "\\", "{", "}", "[", "]", ",", ":", " ", "1", ".", "e", "-", "u", "\u{1}"]);
    for round in 0..20_000 {
        let mut text: Vec<char> = SEEDS[round % SEEDS.len()].chars().collect();
        for _ in 0..=below(random, 3) {
            let (from, length) = (below(random, text.len()), below(random, 3));
            let to = text.len().min(from + length);
            let piece = pieces[below(random, pieces.len())].chars();
            text.splice(from..to, piece.take(below(random, 2)));
            if text.is_empty() {
                break;
            }
        }
        check(&text.iter().collect::<String>());
    }
}

#[test]
fn it_is_nested_as_deep_as_serde_json_reads() {
    for depth in [126, 127, 128, 129] {
        check(&format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
    }
}

#[test]
fn a_part_by_itself_is_what_it_was_less_spaces_escapes_and_the_write_key() {
    let own = |text: &str, place: usize| {
        let list = Written::read(text.to_owned()).expect(text);
        let context = Written::of(&json!({"ip": "::1"}));
        let part = list.root().items().nth(place).expect("an item");
        [part.own(None), part.own(Some(context.root()))].map(|own| {
            assert_eq!(own.root().json().to_string(), own.text());
            own.text().to_owned()
        })
    };
    let plain = r#"[{"skipped":1},{"a":{"b":[1,"x"]},"context":{}}]"#;
    assert_eq!(own(plain, 1), [r#"{"a":{"b":[1,"x"]},"context":{}}"#; 2]);
    let odd = r#"[{"writeKey": "secret", "a\u0062": "\/"}, "x", 7]"#;
    assert_eq!(own(odd, 0), [r#"{"ab":"/"}"#, r#"{"ab":"/","context":{"ip":"::1"}}"#]);
    assert_eq!(own(odd, 1), [r#""x""#; 2]);
    assert_eq!(own(odd, 2), ["7"; 2]);
}

#[test]
fn of_a_key_that_stands_there_twice_the_last_value_counts() {
    let twice = Written::read(r#"{"a":1,"b":2,"a":3}"#.to_owned()).expect("JSON");
    assert_eq!(twice.root().get("a").map(Part::json), Some(json!(3)));
    assert_eq!(twice.root().json(), json!({"a": 3, "b": 2}));
}
