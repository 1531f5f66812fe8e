//! Segment calls as events.

use kelvin_batch::read::{EventChunk, ReadOptions};

use super::{expect, mapped, read_text, wanted};

fn check(text: &str, rows: &[&str], rejects: &[&str]) {
    let wanted = wanted(&["path", "name", "category", "plan"], &["ip", "plan"]);
    expect(&read_text::<EventChunk>("e.jsonl", text, &wanted, &ReadOptions::default()), rows, rejects, &[]);
}

#[test]
fn each_call_is_an_event() {
    check(
        r#"{"type":"track","event":"signup","userId":"u","messageId":"m1","timestamp":"2026-01-01T00:00:00.500Z","properties":{"plan":"pro"},"context":{"ip":"1.2.3.4"},"plan":"ignored"}
{"type":"page","userId":"u","anonymousId":"x","timestamp":"2026-01-01T00:00:01Z","name":"Home","category":"Docs","properties":{"path":"/home"}}
{"type":"page","userId":"u","timestamp":"2026-01-01T00:00:01Z","name":"Home","properties":{"path":"/home","name":"own"}}
{"type":"screen","anonymousId":"x","userId":null,"originalTimestamp":"2026-01-01T00:00:02Z","properties":null}
{"type":"identify","userId":"u","sentAt":"2026-01-01T00:00:03Z","traits":{"plan":"pro","name":null},"properties":{"plan":"x"}}
{"type":"group","userId":"u","groupId":"acme","timestamp":"2026-01-01T00:00:04Z","traits":{"plan":"team","x":1}}
{"type":"alias","userId":"u","previousId":"x","timestamp":"2026-01-01T00:00:05Z"}
{"type":"screen","userId":"","anonymousId":"x","timestamp":"2026-01-01T00:00:06Z"}
"#,
        &[
            r#"u 2026-01-01T00:00:00.500Z signup #m1 plan="pro" context.ip="1.2.3.4""#,
            r#"u 2026-01-01T00:00:01Z page path="/home" name="Home" category="Docs""#,
            r#"u 2026-01-01T00:00:01Z page path="/home" name="own""#,
            "x 2026-01-01T00:00:02Z screen",
            r#"u 2026-01-01T00:00:03Z identify name:=nothing plan:="pro""#,
            r#"u 2026-01-01T00:00:04Z group account_id:="acme" acme.plan:="team""#,
            "u 2026-01-01T00:00:05Z alias",
            "x 2026-01-01T00:00:06Z screen",
        ],
        &[],
    );
}

#[test]
fn a_call_that_cannot_be_read_is_rejected() {
    check(
        r#"{"type":"track","event":"x","timestamp":"2026-01-01"}
{"type":"track","event":"x","userId":""}
{"type":"track","event":"x","userId":"u","timestamp":"then"}
{"type":"track","userId":"u","timestamp":"2026-01-01"}
{"type":"batch","userId":"u","timestamp":"2026-01-01"}
{"type":"group","userId":"u","timestamp":"2026-01-01"}
"#,
        &["u 2026-01-01T00:00:00Z group"],
        &[
            "e.jsonl:1: `userId` and `anonymousId` are missing",
            "e.jsonl:2: `userId` is missing",
            "e.jsonl:3: `timestamp` `then` is no time: expected a time such as `2026-03-01T10:00:00Z`, a date, or milliseconds since 1970",
            "e.jsonl:4: `event` is missing",
            "e.jsonl:5: `type` `batch` is none of Segment's calls, and `lead_id` is missing",
        ],
    );
}

#[test]
fn the_lead_may_be_mapped_to_a_trait() {
    let text = r#"{"type":"page","userId":"u","timestamp":"2026-01-01","context":{"traits":{"email":"e"}},"properties":{"url":"/x"}}
{"type":"page","userId":"u","timestamp":"2026-01-01"}"#;
    let options = mapped("lead_id=context.traits.email,path=properties.url");
    let outcome = read_text::<EventChunk>("e.jsonl", text, &wanted(&["path"], &[]), &options);
    expect(&outcome, &["e 2026-01-01T00:00:00Z page path=\"/x\"", "u 2026-01-01T00:00:00Z page"], &[], &[]);
}

#[test]
fn all_properties_are_wanted_as_a_map() {
    let text = r#"{"type":"page","userId":"u","timestamp":"2026-01-01","name":"Home","properties":{"path":"/","n":null}}
{"type":"track","event":"signup","userId":"u","timestamp":"2026-01-01","name":"Home","properties":{"path":"/"}}
{"type":"identify","userId":"u","timestamp":"2026-01-01","traits":{"a":1}}"#;
    let outcome = read_text::<EventChunk>("e.jsonl", text, &wanted(&["*"], &[]), &ReadOptions::default());
    expect(
        &outcome,
        &[
            r#"u 2026-01-01T00:00:00Z page *={n:null,name:"Home",path:"/"}"#,
            r#"u 2026-01-01T00:00:00Z signup *={path:"/"}"#,
            r#"u 2026-01-01T00:00:00Z identify *={} *:={a:1}"#,
        ],
        &[],
        &[],
    );
}
