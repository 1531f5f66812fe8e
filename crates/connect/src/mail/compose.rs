//! A message as mail. The same message makes the same mail: two of one id are one that came twice.

use std::{error::Error, fmt::Write as _};

use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};
use kelvin_kernel::Instant;
use lettre::{
    Address,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{Date, Header, HeaderName, HeaderValue},
    },
};

use crate::{
    Message,
    escape::{html, line, short},
    signature::wire_id,
};

/// Characters of a subject.
const SUBJECT: usize = 200;

/// Tells programs that answer mail by themselves not to answer this one.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The mail; `None` if it cannot be written.
pub(super) fn mail(from: &Mailbox, to: &Address, message: &Message, now: Instant) -> Option<lettre::Message> {
    let id = wire_id(&message.id);
    let parts = MultiPart::alternative()
        .boundary(format!("kelvin-{id}"))
        .singlepart(SinglePart::plain(plain(message)))
        .singlepart(SinglePart::html(page(message)));
    lettre::Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to.clone()))
        .subject(short(&message.title, SUBJECT))
        .header(date(message, now)?)
        .message_id(Some(format!("<{id}@{}>", from.email.domain())))
        .header(AutoSubmitted)
        .multipart(parts)
        .ok()
}

/// When what it tells of happened; now, if that cannot be read.
fn date(message: &Message, now: Instant) -> Option<Date> {
    let date = |at: Instant| {
        let at = Timestamp::from_millisecond(at.as_millis()).ok()?;
        Date::parse(&DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok()?).ok()
    };
    Instant::parse(&message.at).ok().and_then(date).or_else(|| date(now))
}

fn plain(message: &Message) -> String {
    let mut text = format!("{}\n", line(&message.title));
    if !message.text.is_empty() {
        let _ = write!(text, "\n{}\n", message.text);
    }
    let facts = message.facts().into_iter().map(|(name, value)| format!("{name}: {}", line(&value)));
    let why = message.reasons.iter().map(|reason| format!("  {}", line(&reason.told())));
    let lines = message.lines.iter().map(|told| format!("- {}", line(told)));
    for part in [facts.collect::<Vec<_>>(), lines.collect(), why.collect()] {
        if !part.is_empty() {
            let _ = write!(text, "\n{}\n", part.join("\n"));
        }
    }
    if let Some(link) = message.web_link() {
        let _ = write!(text, "\n{link}\n");
    }
    text
}

fn page(message: &Message) -> String {
    let mut page = format!("<h2>{}</h2>\n", html(&message.title));
    if !message.text.is_empty() {
        let _ = writeln!(page, "<p>{}</p>", html(&message.text).replace('\n', "<br>\n"));
    }
    let facts = message.facts().into_iter().map(|(name, value)| (name.to_owned(), value));
    page.push_str(&table(facts));
    if !message.lines.is_empty() {
        let items = message.lines.iter().map(|told| format!("<li>{}</li>\n", html(told)));
        let _ = writeln!(page, "<ul>\n{}</ul>", items.collect::<String>());
    }
    page.push_str(&table(message.reasons.iter().map(|why| (why.rule.clone(), format!("{:+}", why.points)))));
    if let Some(link) = message.web_link() {
        let _ = writeln!(page, "<p><a href=\"{}\">Open lead</a></p>", html(link));
    }
    format!("<!doctype html>\n<html><body>\n{page}</body></html>\n")
}

fn table(rows: impl Iterator<Item = (String, String)>) -> String {
    let row = |(name, value): (String, String)| {
        format!("<tr><td>{}</td><td>{}</td></tr>\n", html(&name), html(&value))
    };
    let rows: String = rows.map(row).collect();
    if rows.is_empty() { rows } else { format!("<table>\n{rows}</table>\n") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::tests::full;

    fn written(message: &Message) -> String {
        let from = "Kelvin <kelvin@acme.example>".parse().expect("a sender");
        let to = "ada@acme.example".parse().expect("an address");
        let mail = mail(&from, &to, message, Instant::from_millis(0)).expect("a mail");
        String::from_utf8(mail.formatted()).expect("text")
    }

    /// The headers, unfolded.
    fn headers(message: &Message) -> Vec<String> {
        let written = written(message);
        let (head, _) = written.split_once("\r\n\r\n").expect("a body");
        head.replace("\r\n ", " ").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_mail_has_the_headers_that_it_needs() {
        let headers = headers(&full());
        for expect in [
            "From: Kelvin <kelvin@acme.example>",
            "To: ada@acme.example",
            "Subject: Ada <ada> is ready",
            "Date: Sun, 01 Mar 2026 00:00:00 +0000",
            "Message-ID: <m1@acme.example>",
            "Auto-Submitted: auto-generated",
        ] {
            assert!(headers.iter().any(|header| header == expect), "{expect} in {headers:#?}");
        }
    }

    #[test]
    fn a_title_adds_no_header() {
        let message = Message { title: "Hi\r\nBcc: eve@evil.example\r\n\r\nbody".to_owned(), ..full() };
        let headers = headers(&message);
        assert!(!headers.iter().any(|header| header.starts_with("Bcc")), "{headers:#?}");
        assert!(
            headers.iter().any(|header| header == "Subject: Hi  Bcc: eve@evil.example    body"),
            "{headers:#?}"
        );
    }

    #[test]
    fn an_id_adds_no_header() {
        let message = Message { id: "x>\r\nBcc: eve@evil.example".to_owned(), ..full() };
        assert!(!headers(&message).iter().any(|header| header.starts_with("Bcc")));
    }

    #[test]
    fn html_is_escaped() {
        let page = page(&Message { title: "<script>alert(1)</script>".to_owned(), ..full() });
        assert!(!page.contains("<script>"), "{page}");
        assert!(page.contains("<tr><td>demo</td><td>+60</td></tr>"), "{page}");
        assert!(page.contains("Call &lt;!channel&gt; today"), "{page}");
    }

    #[test]
    fn plain_text_says_the_same() {
        let plain = plain(&full());
        for part in ["Ada <ada> is ready", "Score: 61.5", "  demo +60", "https://kelvin.example/leads/ada"] {
            assert!(plain.contains(part), "{part} in {plain}");
        }
    }

    #[test]
    fn the_same_message_makes_the_same_mail() {
        assert_eq!(written(&full()), written(&full()));
    }
}
