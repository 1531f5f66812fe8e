//! Slack incoming webhooks: a message as blocks of Block Kit.

use kelvin_kernel::Instant;
use reqwest::{
    Url,
    header::{CONTENT_TYPE, HeaderMap, HeaderValue},
};
use serde_json::{Value as Json, json};

use crate::{
    Message, Outcome,
    escape::{mrkdwn, short},
    http::{Answer, Http},
};

/// Slack refuses headers that are longer, in characters.
const HEADER: usize = 150;

/// Slack refuses texts of a section that are longer.
const SECTION: usize = 3000;

/// Slack refuses fields that are longer; one name or number needs far less.
const FIELD: usize = 300;

/// Slack refuses addresses that are longer.
const LINK: usize = 3000;

/// Reasons that are told.
const REASONS: usize = 5;

/// Sends a message.
pub(crate) async fn send(http: &Http, url: &Url, message: &Message, now: Instant) -> Outcome {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let Answer { outcome, word } = http.post(url, headers, body(message).to_string(), now).await;
    let with_word = |reason: String| word.map_or(reason.clone(), |word| format!("{reason}: `{word}`"));
    match outcome {
        Outcome::Delivered => Outcome::Delivered,
        Outcome::TryAgain { after, reason } => Outcome::TryAgain { after, reason: with_word(reason) },
        Outcome::Never { reason } => Outcome::Never { reason: with_word(reason) },
    }
}

/// What is sent. `text` is what notifications show.
fn body(message: &Message) -> Json {
    let header = json!({"type": "plain_text", "text": short(&message.title, HEADER), "emoji": false});
    let mut blocks = vec![json!({"type": "header", "text": header})];
    blocks.extend(section(&message.text));
    blocks.extend(fields(message));
    blocks.extend(section(&message.lines.join("\n")));
    blocks.extend(reasons(message));
    blocks.extend(button(message));
    json!({"text": mrkdwn(&short(&message.title, HEADER), SECTION), "blocks": blocks})
}

fn section(text: &str) -> Option<Json> {
    let text = json!({"type": "mrkdwn", "text": mrkdwn(text, SECTION), "verbatim": true});
    (text["text"] != "").then(|| json!({"type": "section", "text": text}))
}

fn fields(message: &Message) -> Option<Json> {
    let fields: Vec<_> = message
        .facts()
        .into_iter()
        .map(|(name, value)| {
            json!({"type": "mrkdwn", "text": format!("*{name}*\n{}", mrkdwn(&value, FIELD)), "verbatim": true})
        })
        .collect();
    (!fields.is_empty()).then(|| json!({"type": "section", "fields": fields}))
}

fn reasons(message: &Message) -> Option<Json> {
    let lines = message.reasons.iter().take(REASONS);
    let lines: Vec<_> = lines.map(|reason| format!("• {}", mrkdwn(&reason.told(), FIELD))).collect();
    let text = json!({"type": "mrkdwn", "text": lines.join("\n"), "verbatim": true});
    (!lines.is_empty()).then(|| json!({"type": "section", "text": text}))
}

fn button(message: &Message) -> Option<Json> {
    let link = message.web_link().filter(|link| link.len() <= LINK)?;
    let label = json!({"type": "plain_text", "text": "Open lead", "emoji": false});
    Some(json!({"type": "actions", "elements": [{"type": "button", "text": label, "url": link}]}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::tests::full;

    #[test]
    fn a_message_is_a_header_facts_reasons_and_a_link() {
        let body = body(&full());
        let kinds: Vec<_> =
            body["blocks"].as_array().expect("blocks").iter().map(|block| &block["type"]).collect();
        assert_eq!(kinds, ["header", "section", "section", "section", "actions"]);
        assert_eq!(body["text"], "Ada &lt;ada&gt; is ready");
        assert_eq!(body["blocks"][0]["text"]["text"], "Ada <ada> is ready");
        assert_eq!(body["blocks"][1]["text"]["text"], "Call &lt;!channel&gt; today");
        assert_eq!(body["blocks"][2]["fields"][0]["text"], "*Score*\n61.5");
        assert_eq!(body["blocks"][3]["text"]["text"], "• demo +60\n• free-mail -8.5");
        assert_eq!(body["blocks"][4]["elements"][0]["url"], "https://kelvin.example/leads/ada");
    }

    #[test]
    fn texts_stay_within_what_slack_takes() {
        let long = "<é>".repeat(5000);
        let message = Message { title: long.clone(), text: long.clone(), lines: vec![long], ..full() };
        let body = body(&message);
        assert_eq!(body["blocks"][0]["text"]["text"].as_str().map(|text| text.chars().count()), Some(HEADER));
        for place in [1, 3] {
            assert!(body["blocks"][place]["text"]["text"].as_str().is_some_and(|text| text.len() <= SECTION));
        }
    }

    #[test]
    fn what_is_no_web_address_is_no_button() {
        let message = Message { link: Some("javascript:alert(1)".to_owned()), ..full() };
        assert_eq!(body(&message)["blocks"].as_array().map(Vec::len), Some(4));
    }
}
