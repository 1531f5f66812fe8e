//! A batch that is no JSON, taken apart: what is wrong with one event must not cost those beside it.

use serde_json::Value as Json;

use super::parse::mended;

/// The key under which a batch has its events.
const BATCH: &[u8] = b"\"batch\"";

/// Reads a batch event by event. One that cannot be read stands in its place as the text that it is; `None` where the rest is no
/// JSON either, or has no list of events.
pub(super) fn apart(text: &[u8]) -> Option<Json> {
    let start = list(text)?;
    let (events, end) = events(&text[start..])?;
    let mut body = mended(&[&text[..start], &text[start + end..]].concat()).ok()?;
    let read = |event: &[u8]| mended(event).unwrap_or_else(|_| Json::from(without_key(event)));
    *body.get_mut("batch")?.as_array_mut()? = events.into_iter().map(read).collect();
    Some(body)
}

/// The place behind the bracket that begins the list of events.
fn list(text: &[u8]) -> Option<usize> {
    let mut scan = Scan::default();
    for (at, byte) in text.iter().enumerate() {
        if scan.depth == 1
            && !scan.is_quoted
            && let Some(behind) = text[at..].strip_prefix(BATCH)
        {
            let behind = behind.trim_ascii_start().strip_prefix(b":").map(<[u8]>::trim_ascii_start);
            if let Some(list) = behind.and_then(|behind| behind.strip_prefix(b"[")) {
                return Some(text.len() - list.len());
            }
        }
        scan.step(*byte);
    }
    None
}

/// The events up to the end of their list, and where that is.
fn events(text: &[u8]) -> Option<(Vec<&[u8]>, usize)> {
    let (mut scan, mut events, mut begun) = (Scan::default(), Vec::new(), 0);
    for (at, byte) in text.iter().copied().enumerate() {
        let is_outside = scan.depth == 0 && !scan.is_quoted;
        if is_outside && byte == b']' {
            let last = Some(text[begun..at].trim_ascii()).filter(|last| !last.is_empty());
            events.extend(last);
            return Some((events, at));
        }
        if is_outside && byte == b',' {
            events.push(text[begun..at].trim_ascii());
            begun = at + 1;
        }
        scan.step(byte);
    }
    None
}

/// The text up to a write key, which is never kept.
fn without_key(event: &[u8]) -> String {
    let text = String::from_utf8_lossy(event);
    text.split("\"writeKey\"").next().unwrap_or_default().to_owned()
}

/// Where in a text of JSON: how deep, and whether within a text.
#[derive(Debug, Default)]
struct Scan {
    depth: usize,
    is_quoted: bool,
    is_escaped: bool,
}

impl Scan {
    fn step(&mut self, byte: u8) {
        match byte {
            _ if self.is_escaped => self.is_escaped = false,
            b'\\' if self.is_quoted => self.is_escaped = true,
            b'"' => self.is_quoted = !self.is_quoted,
            b'{' | b'[' if !self.is_quoted => self.depth += 1,
            b'}' | b']' if !self.is_quoted => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(text: &str, expect: &Json) {
        assert_eq!(apart(text.as_bytes()).as_ref(), Some(expect), "{text}");
    }

    #[test]
    fn only_the_event_that_cannot_be_read_is_a_text() {
        check(r#"{"batch": [{"a": NaN}, {"b": 1}]}"#, &json!({"batch": [r#"{"a": NaN}"#, {"b": 1}]}));
        check(
            r#"{"batch": [{"a": 1e400}], "sentAt": 1}"#,
            &json!({"batch": [r#"{"a": 1e400}"#], "sentAt": 1}),
        );
        check(
            r#"{"batch":[{"a":"],\"}","x":[NaN]},2,]}"#,
            &json!({"batch": [r#"{"a":"],\"}","x":[NaN]}"#, 2]}),
        );
        check(r#"{"x": {"batch": [1]}, "batch" : [ NaN ]}"#, &json!({"x": {"batch": [1]}, "batch": ["NaN"]}));
        check(r#"{"batch": ["\ud83e", NaN]}"#, &json!({"batch": ["\u{fffd}", "NaN"]}));
    }

    #[test]
    fn bytes_that_are_no_text_cost_their_event_alone() {
        let text = b"{\"batch\": [{\"a\": \"M\xfcnchen\"}, {\"b\": 1}]}";
        assert_eq!(apart(text), Some(json!({"batch": ["{\"a\": \"M\u{fffd}nchen\"}", {"b": 1}]})));
        assert_eq!(apart(b"{\"batch\": [1], \"x\": \"\xfc\"}"), None);
    }

    #[test]
    fn what_is_broken_around_the_events_is_no_batch() {
        for text in [
            "",
            "[NaN]",
            r#"{"batch": NaN}"#,
            r#"{"batch": [1"#,
            r#"{"batch": [1], "x": NaN}"#,
            r#"{"batch": [1]"#,
        ] {
            assert_eq!(apart(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_write_key_is_cut_off() {
        let text = r#"{"batch": [{"a": NaN, "writeKey": "secret"}]}"#;
        assert_eq!(apart(text.as_bytes()), Some(json!({"batch": [r#"{"a": NaN, "#]})));
    }
}
