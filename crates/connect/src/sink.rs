//! Where messages of a target go, as data.

use std::fmt;

use lettre::Address;
use reqwest::Url;

use crate::Secret;

/// Where messages of a target go. Addresses of Slack are secrets, and those of webhooks may be: none is shown.
#[derive(Clone, PartialEq, Eq)]
pub enum Sink {
    /// A Slack incoming webhook.
    Slack(Url),
    /// Somebody's mail.
    Mail(Address),
    /// A program, and what requests to it are signed with.
    Webhook(Url, Option<Secret>),
    /// The server's log.
    Log,
}

/// What is wrong with the address or the secret of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SinkError {
    /// It is no web address.
    #[error("its address is none of the web: it begins with `https://`, or with `http://`")]
    Url,
    /// It is no e-mail address.
    #[error("its address is no e-mail address")]
    Mail,
    /// It is no secret of webhooks.
    #[error(
        "its secret is none: `whsec_` and 24 to 64 bytes as base64, as `echo whsec_$(openssl rand -base64 32)` makes it"
    )]
    Secret,
}

impl Sink {
    /// A Slack incoming webhook.
    ///
    /// # Errors
    /// The text is no web address.
    pub fn slack(url: &str) -> Result<Self, SinkError> {
        web_address(url).map(Self::Slack)
    }

    /// Somebody's mail.
    ///
    /// # Errors
    /// The text is no e-mail address.
    pub fn mail(address: &str) -> Result<Self, SinkError> {
        address.parse().map(Self::Mail).or(Err(SinkError::Mail))
    }

    /// A program, and what requests to it are signed with.
    ///
    /// # Errors
    /// The text is no web address, or the secret none.
    pub fn webhook(url: &str, secret: Option<&str>) -> Result<Self, SinkError> {
        let secret = secret.map(|text| Secret::parse(text).ok_or(SinkError::Secret)).transpose()?;
        Ok(Self::Webhook(web_address(url)?, secret))
    }
}

fn web_address(text: &str) -> Result<Url, SinkError> {
    let url = Url::parse(text).or(Err(SinkError::Url))?;
    if matches!(url.scheme(), "http" | "https") { Ok(url) } else { Err(SinkError::Url) }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Slack(_) => "Slack(…)",
            Self::Mail(_) => "Mail(…)",
            Self::Webhook(..) => "Webhook(…)",
            Self::Log => "Log",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sink_needs_an_address_that_is_one() {
        for text in ["", "hooks.slack.com/x", "ftp://hooks.slack.com", "file:///etc/passwd", "https://"] {
            assert_eq!(Sink::slack(text), Err(SinkError::Url), "{text}");
        }
        for text in ["", "ada", "ada@", "ada@acme.example\r\nBcc: eve@evil.example", "a b@acme.example"] {
            assert_eq!(Sink::mail(text), Err(SinkError::Mail), "{text:?}");
        }
        assert_eq!(Sink::webhook("https://crm.example", Some("short")), Err(SinkError::Secret));
        assert!(Sink::webhook("http://crm.example", None).is_ok());
    }

    #[test]
    fn no_address_is_shown() {
        let sink = Sink::slack("https://hooks.slack.com/services/T0/B0/secret").expect("a sink");
        assert_eq!(format!("{sink:?}"), "Slack(…)");
    }
}
