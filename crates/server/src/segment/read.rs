//! Reads a call: whose it is, when it happened, what it is called. As `kelvin score` reads the same line from a file.

use kelvin_kernel::{Instant, Value, instant::InstantError};
use serde_json::Value as Json;

use super::{Call, Code, Kind, Part, Refused, Written};
use crate::machine;

/// The longest id and the longest name of a trait, in bytes: they are keys in the store, some of them together.
pub(crate) const LONGEST_KEY: usize = 500;

/// What calls name leads, accounts and themselves by.
const IDS: [&str; 5] = ["messageId", "userId", "anonymousId", "previousId", "groupId"];

/// What has keys of its own in a call.
const OBJECTS: [&str; 3] = ["properties", "context", "traits"];

/// What stands in a text for a character that could not be read.
pub(crate) const UNREADABLE: char = char::REPLACEMENT_CHARACTER;

type Read<T> = Result<T, Refused>;

/// When a request came, when its client says that it was sent, and how much it may bring.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sending {
    pub(crate) received: Instant,
    pub(crate) sent: Option<Instant>,
    /// The largest event, as JSON without needless spaces.
    pub(crate) event_bytes: usize,
}

impl Call {
    /// Reads one call. Its `type` may be left out where `kind` tells it already.
    pub(crate) fn read(body: Written, kind: Option<Kind>, sending: Sending) -> Read<Self> {
        let call = body.root();
        if !call.is_object() {
            return Err(no_object(call));
        }
        if body.depth() > Value::MAX_DEPTH && is_deeper(&call.json(), Value::MAX_DEPTH) {
            return Err(Code::TooDeep.because("nested too deeply"));
        }
        let kind = kind.map_or_else(|| self::kind(call), Ok)?;
        let (size, most) = (body.text().len(), sending.event_bytes);
        if size > most {
            return Err(Code::TooLarge.because(format!("the event has {size} bytes, at most {most} fit")));
        }
        check_objects(call)?;
        check_keys(call)?;
        Ok(Self {
            kind,
            profile: profile(call)?,
            id: optional("messageId", call.get("messageId"))?,
            time: time(call, sending)?,
            name: name(kind, call)?,
            is_user: is_user(call),
            is_bot: is_bot(call),
            body,
        })
    }
}

/// Why something is no event. What could not be read stands as a text, and tells why when it is read again.
fn no_object(given: Part<'_>) -> Refused {
    let text = given.as_str().unwrap_or_default();
    match serde_json::from_str::<Json>(&text) {
        Err(cause) if given.is_text() => Code::BadJson.because(format!("the event is no JSON: {cause}")),
        Ok(_) if text.contains(UNREADABLE) => Code::BadJson.because("the event is not UTF-8"),
        _ => Code::NoObject.because("an event is a JSON object"),
    }
}

fn kind(call: Part<'_>) -> Read<Kind> {
    let name = call.get("type").and_then(Part::as_str);
    let name = name.ok_or_else(|| Code::UnknownType.because("`type` is missing"))?;
    let unknown =
        || Code::UnknownType.because(format!("`type` {} is none of Segment's calls", quoted(&name)));
    Kind::named(&name).ok_or_else(unknown)
}

fn profile(call: Part<'_>) -> Read<String> {
    let given = first(call, &["userId", "anonymousId"]);
    optional("userId", given)?
        .ok_or_else(|| Code::MissingUser.because("`userId` and `anonymousId` are missing"))
}

/// Refuses what has no keys where there must be some. Programs in PHP write an object without keys as an empty list.
fn check_objects(call: Part<'_>) -> Read<()> {
    let is_fine = |given: Part<'_>| given.is_object() || given.is_null() || given.is_empty_list();
    for key in OBJECTS {
        if let Some(given) = call.get(key).filter(|given| !is_fine(*given)) {
            let given = quoted(&given.json().to_string());
            return Err(Code::NoObject.because(format!("`{key}` is no JSON object: {given}")));
        }
    }
    Ok(())
}

/// Refuses ids and names of traits that are too long to be found by, and ids that could not be read as a whole: those of several
/// people would be one.
fn check_keys(call: Part<'_>) -> Read<()> {
    let too_long = |what: &str, size: usize| {
        Code::BadId.because(format!("{what} has {size} bytes, at most {LONGEST_KEY} fit"))
    };
    for key in IDS {
        let id = call.get(key).and_then(Part::as_str).unwrap_or_default();
        if id.len() > LONGEST_KEY {
            return Err(too_long(&format!("`{key}`"), id.len()));
        }
        if id.contains(UNREADABLE) {
            let id = quoted(&id);
            return Err(Code::BadId.because(format!("`{key}` holds a character that cannot be read: {id}")));
        }
    }
    let traits = call.get("traits").map(Part::entries).unwrap_or_default();
    match traits.keys().find(|name| name.len() > LONGEST_KEY) {
        Some(name) => Err(too_long("the name of a trait", name.len())),
        None => Ok(()),
    }
}

/// Whether a call names a user.
pub(super) fn is_user(call: Part<'_>) -> bool {
    matches!(optional("userId", call.get("userId")), Ok(Some(_)))
}

/// Whether a call comes from a program that says to be none that people use.
fn is_bot(call: Part<'_>) -> bool {
    let agent = call.get("context").and_then(|context| context.get("userAgent")?.as_str());
    agent.is_some_and(|agent| machine::is_bot(&agent))
}

/// The name of the event that a call is.
pub(super) fn name(kind: Kind, call: Part<'_>) -> Read<String> {
    if kind != Kind::Track {
        return Ok(kind.name().to_owned());
    }
    optional("event", call.get("event"))?.ok_or_else(|| Code::MissingEvent.because("`event` is missing"))
}

/// When an event happened by our clock: how long before it was sent is what the client knows best.
fn time(call: Part<'_>, sending: Sending) -> Read<Instant> {
    let read = |key: &str| instant(key, call.get(key));
    let sent = read("sentAt")?.or(sending.sent);
    let (original, stamped) = (read("originalTimestamp")?, read("timestamp")?);
    Ok(match (original.or(stamped), sent) {
        (Some(original), Some(sent)) => {
            let ago = sent.as_millis().saturating_sub(original.as_millis());
            Instant::from_millis(sending.received.as_millis().saturating_sub(ago))
        }
        (Some(_), None) => stamped.or(original).unwrap_or(sending.received),
        (None, _) => sending.received,
    })
}

/// Reads an instant, if there is one.
pub(crate) fn instant(key: &str, given: Option<Part<'_>>) -> Read<Option<Instant>> {
    let Some(given) = given.filter(|given| !given.is_null()) else { return Ok(None) };
    let text = given.as_str().unwrap_or_else(|| given.json().to_string().into());
    if text.is_empty() {
        return Ok(None);
    }
    let refused = |cause: InstantError| {
        let text = quoted(&text);
        Code::BadTime.because(match cause {
            InstantError::NoOffset => format!("`{key}` {text} has no offset from UTC"),
            InstantError::NoSuchTime => format!("`{key}` {text} does not exist"),
            InstantError::Unreadable => format!("`{key}` {text} is no time: {cause}"),
        })
    };
    parse(&text).map(Some).map_err(refused)
}

/// Reads an instant. Data frames make `1767225600000.0` of milliseconds in a column with gaps.
pub(super) fn parse(text: &str) -> Result<Instant, InstantError> {
    let whole =
        || text.split_once('.').filter(|(_, zeros)| !zeros.is_empty() && zeros.bytes().all(|b| b == b'0'));
    let is_whole = |text: &str| text.strip_prefix('-').unwrap_or(text).bytes().all(|b| b.is_ascii_digit());
    Instant::parse(text).or_else(|error| match whole() {
        Some((whole, _)) if is_whole(whole) => Instant::parse(whole),
        _ => Err(error),
    })
}

/// A text, or a whole number as text, if there is one.
pub(super) fn optional(key: &str, given: Option<Part<'_>>) -> Read<Option<String>> {
    let Some(given) = given.filter(|given| !given.is_null()) else { return Ok(None) };
    if let Some(text) = given.as_str() {
        return Ok(Some(text.into_owned()).filter(|text| !text.is_empty()));
    }
    match given.json() {
        Json::Number(number) if !number.is_f64() => Ok(Some(number.to_string())),
        other => {
            let other = quoted(&other.to_string());
            Err(Code::BadId.because(format!("`{key}` is neither text nor a whole number: {other}")))
        }
    }
}

/// The first of some keys that has a value; a text that is empty, as some libraries send it, is none.
fn first<'b>(call: Part<'b>, keys: &[&str]) -> Option<Part<'b>> {
    let is_empty = |value: &Part<'_>| value.is_null() || value.as_str().is_some_and(|text| text.is_empty());
    keys.iter().filter_map(|key| call.get(key)).find(|value| !is_empty(value))
}

/// Whether a value is nested more than `most` deep.
fn is_deeper(value: &Json, most: usize) -> bool {
    match value {
        Json::Object(object) => most == 0 || object.values().any(|value| is_deeper(value, most - 1)),
        Json::Array(items) => most == 0 || items.iter().any(|value| is_deeper(value, most - 1)),
        _ => false,
    }
}

/// The client's text in backticks, on one line, shortened where it is long.
fn quoted(text: &str) -> String {
    const LONG: usize = 60;
    let flat = |character: char| if character.is_control() { ' ' } else { character };
    let mut short: String = text.chars().take(LONG).map(flat).collect();
    if text.chars().nth(LONG).is_some() {
        short.push('…');
    }
    format!("`{short}`")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const RECEIVED: i64 = 1_000_000;

    fn read(body: Json) -> Read<Call> {
        let sending = Sending { received: Instant::from_millis(RECEIVED), sent: None, event_bytes: 1 << 10 };
        Call::read(Written::of(&body).root().own(None), None, sending)
    }

    fn refused(body: Json) -> &'static str {
        read(body).map_err(|refused| refused.code.name()).expect_err("a refusal")
    }

    #[test]
    fn a_wrong_clock_is_corrected_by_what_lies_between_event_and_sending() {
        let time = |body: Json| {
            let mut call = json!({"type": "page", "userId": "ada"});
            call.as_object_mut().expect("an object").extend(body.as_object().expect("an object").clone());
            read(call).expect("a call").time.as_millis()
        };
        assert_eq!(time(json!({})), RECEIVED);
        assert_eq!(time(json!({"timestamp": 500})), 500);
        assert_eq!(time(json!({"timestamp": 500, "sentAt": 700})), RECEIVED - 200);
        assert_eq!(time(json!({"originalTimestamp": 500, "sentAt": 700})), RECEIVED - 200);
        assert_eq!(time(json!({"originalTimestamp": 500, "timestamp": 600})), 600);
        assert_eq!(time(json!({"sentAt": 700})), RECEIVED);
    }

    #[test]
    fn what_cannot_be_used_is_told_with_a_code() {
        assert_eq!(refused(json!([])), "no-object");
        assert_eq!(refused(json!({"userId": "ada"})), "unknown-type");
        assert_eq!(refused(json!({"type": "tarck", "userId": "ada"})), "unknown-type");
        assert_eq!(refused(json!({"type": "page"})), "missing-user");
        assert_eq!(refused(json!({"type": "page", "userId": 1.5})), "bad-id");
        assert_eq!(refused(json!({"type": "page", "userId": "ada", "context": "web"})), "no-object");
        assert_eq!(refused(json!({"type": "track", "userId": "ada"})), "missing-event");
        assert_eq!(refused(json!({"type": "page", "userId": "ada", "timestamp": "soon"})), "bad-time");
        let longest = "ä".repeat(250);
        assert!(read(json!({"type": "page", "userId": longest})).is_ok());
        let longer = format!("{longest}x");
        assert_eq!(refused(json!({"type": "page", "userId": "ada", "messageId": longer})), "bad-id");
        assert_eq!(refused(json!({"type": "identify", "userId": "ada", "traits": {longer: 1}})), "bad-id");
        let deep = (0..64).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(refused(json!({"type": "page", "userId": "ada", "context": deep})), "too-deep");
        let long = "x".repeat(1 << 10);
        assert_eq!(
            refused(json!({"type": "page", "userId": "ada", "properties": {"x": long}})),
            "event-too-large"
        );
    }

    #[test]
    fn a_lead_is_the_user_else_the_anonymous_visitor() {
        let lead = |body: Json| read(body).expect("a call").profile;
        assert_eq!(lead(json!({"type": "page", "userId": "ada", "anonymousId": "x"})), "ada");
        assert_eq!(lead(json!({"type": "page", "userId": null, "anonymousId": "x"})), "x");
        assert_eq!(lead(json!({"type": "page", "userId": 7})), "7");
    }

    #[test]
    fn the_write_key_is_not_kept() {
        let call = read(json!({"type": "page", "userId": "ada", "writeKey": "secret"})).expect("a call");
        assert!(!call.body.text().contains("secret"));
    }
}
