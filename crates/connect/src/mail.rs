//! Mail over SMTP: plain text with HTML beside it.

mod compose;

use std::{error::Error as _, fmt, time::Duration};

use kelvin_kernel::Instant;
use lettre::{
    Address,
    message::Mailbox,
    transport::smtp::{
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        extension::ClientId,
    },
};
use reqwest::Url;
use tokio::time::timeout;

use crate::{Message, Outcome, escape::short};

/// Of what a server says, what is told.
const REASON: usize = 200;

/// A mail server, and whom mail comes from.
#[derive(Debug, Clone)]
pub struct MailServer {
    smtp: Smtp,
    from: Mailbox,
}

/// How a mail server is reached.
#[derive(Clone)]
pub struct Smtp {
    host: String,
    port: u16,
    security: Security,
    login: Option<(String, String)>,
}

/// How a connection is kept from being read. Without it, only this machine is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Security {
    Tls,
    StartTls,
    Plain,
}

impl MailServer {
    /// A mail server, and whom mail comes from: `Kelvin <kelvin@acme.example>`.
    ///
    /// # Errors
    /// What is wrong with the sender, for people.
    pub fn new(smtp: Smtp, from: &str) -> Result<Self, String> {
        let wrong = || format!("`{from}` is no sender of mail, such as `Kelvin <kelvin@acme.example>`");
        Ok(Self { smtp, from: from.parse().map_err(|_| wrong())? })
    }

    /// Sends a message to somebody.
    pub(crate) async fn send(
        &self,
        to: &Address,
        message: &Message,
        now: Instant,
        patience: Duration,
    ) -> Outcome {
        let Some(mail) = compose::mail(&self.from, to, message, now) else {
            return Outcome::never("the message cannot be written as mail");
        };
        let sent = timeout(patience, self.smtp.send(&mail, patience)).await;
        sent.unwrap_or_else(|_| Outcome::again(format!("no answer within {} s", patience.as_secs_f64())))
    }
}

impl Smtp {
    /// Reads the address of a mail server: `smtps://user:password@host:465` speaks TLS at once,
    /// `smtp://user:password@host:587` begins it; on this machine `smtp://` does without.
    ///
    /// # Errors
    /// What is wrong with it, for people; without the address, which may hold a password.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong =
            || "the address of the mail server is none, such as `smtps://user:password@host:465`".to_owned();
        let url = Url::parse(text).map_err(|_| wrong())?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(wrong)?.to_owned();
        let is_here = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
        let (security, port) = match url.scheme() {
            "smtps" => (Security::Tls, 465),
            "smtp" if is_here => (Security::Plain, 25),
            "smtp" => (Security::StartTls, 587),
            _ => return Err(wrong()),
        };
        let login = match (decoded(url.username()), url.password().map(decoded)) {
            (Some(user), None) if user.is_empty() => None,
            (Some(user), Some(Some(password))) => Some((user, password)),
            _ => {
                return Err(
                    "the address of the mail server has a user or a password, but not both".to_owned()
                );
            }
        };
        Ok(Self { host, port: url.port().unwrap_or(port), security, login })
    }

    /// Speaks with the server. Only what it says to the message itself can be final: a password can be mended.
    async fn send(&self, mail: &lettre::Message, patience: Duration) -> Outcome {
        let mut connection = match self.connect(patience).await {
            Ok(connection) => connection,
            Err(cause) => return Outcome::again(format!("cannot reach the mail server: {}", told(&cause))),
        };
        match connection.send(mail.envelope(), &mail.formatted()).await {
            Ok(_) => {
                // It has been accepted, however the farewell goes.
                let _farewell = connection.quit().await;
                Outcome::Delivered
            }
            Err(cause) if cause.is_permanent() => {
                Outcome::never(format!("the mail server refused: {}", told(&cause)))
            }
            Err(cause) => Outcome::again(format!("the mail server did not take it: {}", told(&cause))),
        }
    }

    async fn connect(
        &self,
        patience: Duration,
    ) -> Result<AsyncSmtpConnection, lettre::transport::smtp::Error> {
        let (host, hello) = (self.host.trim_matches(['[', ']']), ClientId::default());
        let tls = || TlsParameters::new(host.to_owned());
        let at_once = (self.security == Security::Tls).then(tls).transpose()?;
        let server = (host, self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(patience), &hello, at_once, None).await?;
        if self.security == Security::StartTls {
            connection.starttls(tls()?, &hello).await?;
        }
        if let Some((user, password)) = &self.login {
            let credentials = Credentials::new(user.clone(), password.clone());
            connection.auth(DEFAULT_MECHANISMS, &credentials).await?;
        }
        Ok(connection)
    }
}

/// The password is never shown.
impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Smtp({}:{}, {:?})", self.host, self.port, self.security)
    }
}

/// What went wrong, on one line.
fn told(cause: &lettre::transport::smtp::Error) -> String {
    let source = cause.source().map(|source| format!(": {source}"));
    let status = cause.status().map(|status| format!("{status}"));
    let what = status.unwrap_or_else(|| if source.is_some() { String::new() } else { cause.to_string() });
    short(format!("{what}{}", source.unwrap_or_default()).trim_start_matches(": "), REASON)
}

/// A part of an address with its `%40` and the like put in.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_server_tells_how_it_is_spoken_to() {
        let check = |text, expect: (&str, u16, Security, Option<(&str, &str)>)| {
            let smtp = Smtp::parse(text).expect(text);
            let login = smtp.login.as_ref().map(|(user, password)| (user.as_str(), password.as_str()));
            assert_eq!((smtp.host.as_str(), smtp.port, smtp.security, login), expect, "{text}");
        };
        check("smtps://mail.acme.example", ("mail.acme.example", 465, Security::Tls, None));
        let login = Some(("ada@acme.example", "p/ss"));
        check(
            "smtps://ada%40acme.example:p%2Fss@mail.acme.example:4465",
            ("mail.acme.example", 4465, Security::Tls, login),
        );
        check("smtp://mail.acme.example", ("mail.acme.example", 587, Security::StartTls, None));
        check("smtp://localhost:2525", ("localhost", 2525, Security::Plain, None));
        check("smtp://127.0.0.1", ("127.0.0.1", 25, Security::Plain, None));
    }

    #[test]
    fn what_is_no_mail_server_is_refused_without_being_shown() {
        for text in [
            "",
            "mail.acme.example",
            "https://user:secret@mail.acme.example",
            "smtps://",
            "smtps://user@mail.example",
        ] {
            let told = Smtp::parse(text).expect_err(text);
            assert!(!told.contains("secret"), "{told}");
        }
        let smtp = Smtp::parse("smtps://ada:secret@mail.acme.example").expect("a server");
        assert_eq!(format!("{smtp:?}"), "Smtp(mail.acme.example:465, Tls)");
        assert!(MailServer::new(smtp, "nobody").is_err());
    }
}
