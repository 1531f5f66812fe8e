//! One attempt to deliver a message.

use std::{fmt, sync::Arc, time::Duration};

use kelvin_kernel::Instant;

use crate::{Guard, MailServer, Message, Outcome, Sink, escape::short, http::Http, slack, webhook};

/// Characters of a line in the log.
const LINE: usize = 500;

/// Tells the operator.
pub type Say = Arc<dyn Fn(&str) + Send + Sync>;

/// Takes messages to sinks.
#[derive(Clone)]
pub struct Courier {
    http: Http,
    mail: Option<MailServer>,
    patience: Duration,
    say: Say,
}

impl Courier {
    /// A courier that goes where the guard lets it and waits so long for an answer.
    ///
    /// # Errors
    /// The machine has no way to make connections.
    pub fn new(guard: Guard, mail: Option<MailServer>, patience: Duration, say: Say) -> Result<Self, String> {
        let http = Http::new(guard, patience).map_err(|cause| format!("cannot make connections: {cause}"))?;
        Ok(Self { http, mail, patience, say })
    }

    /// Takes a message to a sink, once. It ends in time, whatever the receiver does.
    pub async fn deliver(&self, sink: &Sink, message: &Message, now: Instant) -> Outcome {
        match sink {
            Sink::Slack(url) => slack::send(&self.http, url, message, now).await,
            Sink::Webhook(url, secret) => webhook::send(&self.http, url, secret.as_ref(), message, now).await,
            Sink::Mail(to) => match &self.mail {
                Some(server) => server.send(to, message, now, self.patience).await,
                None => Outcome::again("there is no mail server: name one with `--smtp-url`"),
            },
            Sink::Log => {
                (self.say)(&line(message));
                Outcome::Delivered
            }
        }
    }
}

impl fmt::Debug for Courier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Courier").field("mail", &self.mail).finish_non_exhaustive()
    }
}

/// A message as one line of the log.
fn line(message: &Message) -> String {
    let facts = message.facts().into_iter().map(|(name, value)| format!("{}: {value}", name.to_lowercase()));
    let facts = facts.collect::<Vec<_>>().join(", ");
    short(&format!("{} {}: {} ({facts})", message.kind.name(), message.playbook_id, message.title), LINE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::tests::full;

    #[test]
    fn a_message_is_one_line_of_the_log() {
        let message = Message { title: "Ada\nerror: all is lost\u{1b}[2J".to_owned(), ..full() };
        assert_eq!(
            line(&message),
            "hand_off sales: Ada error: all is lost [2J (score: 61.5, tier: sql, lead: ada, owner: Bob, task: Call Ada, due: 2026-03-02T10:00:00Z)"
        );
    }
}
