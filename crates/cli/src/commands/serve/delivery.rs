//! How `kelvin serve` reaches those to whom messages go.

use std::{collections::BTreeSet, env, sync::Arc, time::Duration};

use clap::Args;
use kelvin_connect::{Courier, Guard, MailServer, Smtp};
use kelvin_model::playbook::Playbook;
use kelvin_server::{Outbox, sinks, wants_mail};
use reqwest::Url;

use crate::{clock, failure::Failure, log::say};

/// How long a receiver may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// How messages leave.
#[derive(Debug, Args)]
#[command(next_help_heading = "Messages")]
pub(crate) struct Options {
    /// The mail server, `smtps://user:password@host:465`
    #[arg(long, value_name = "URL", env = "KELVIN_SMTP_URL", hide_env_values = true)]
    smtp_url: Option<String>,

    /// Whom mail comes from: `Kelvin <kelvin@acme.example>`
    #[arg(long, value_name = "SENDER", env = "KELVIN_MAIL_FROM")]
    mail_from: Option<String>,

    /// Hosts of targets that need not be on the public internet, by commas; all, if none is named
    #[arg(
        long,
        value_name = "HOST",
        require_equals = true,
        num_args = 0..,
        value_delimiter = ',',
        value_parser = host,
        default_missing_value = "*",
        env = "KELVIN_ALLOW_PRIVATE_TARGETS"
    )]
    allow_private_targets: Vec<String>,
}

impl Options {
    /// Where the messages of a playbook go.
    ///
    /// # Errors
    /// A target that cannot be used, or mail without a mail server.
    pub(crate) fn outbox(self, playbook: Option<&Playbook>) -> Result<Outbox, Failure> {
        let environment = |name: &str| env::var(name).ok();
        let sinks = playbook.map(|playbook| sinks(playbook, environment)).transpose();
        let sinks = sinks.map_err(|cause| Failure::new(cause.to_string()))?.unwrap_or_default();
        let guard = guard(self.allow_private_targets);
        let mail = mail_server(self.smtp_url, self.mail_from)?;
        if mail.is_none() && playbook.is_some_and(wants_mail) {
            let help = "name one with `--smtp-url` or KELVIN_SMTP_URL, and the sender with `--mail-from`";
            return Err(Failure::new("the playbook sends mail, and there is no mail server").help(help));
        }
        let courier = Courier::new(guard, mail, PATIENCE, Arc::new(say));
        let seed = clock::now().as_millis().unsigned_abs();
        Ok(Outbox::new(courier.map_err(Failure::new)?, sinks, seed))
    }
}

/// Reads a host as it stands in the addresses of targets, or `*` for all.
fn host(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() || text == "*" {
        return Ok(text.to_owned());
    }
    let url = Url::parse(&format!("http://{text}")).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    let is_all = url.as_ref().is_some_and(|url| url.as_str() == format!("http://{host}/"));
    let wrong = "write the host alone, as `crm.internal`, `10.1.2.3` or `[fd00::1]`";
    is_all.then(|| host.to_owned()).ok_or_else(|| wrong.to_owned())
}

/// Which addresses may be reached.
fn guard(allowed: Vec<String>) -> Guard {
    let allowed: BTreeSet<_> = allowed.into_iter().collect();
    if allowed.contains("*") { Guard::Open } else { Guard::Public { allowed } }
}

/// The mail server, if there is one.
fn mail_server(url: Option<String>, from: Option<String>) -> Result<Option<MailServer>, Failure> {
    match (url.filter(|url| !url.is_empty()), from) {
        (None, None) => Ok(None),
        (None, Some(_)) => {
            Err(Failure::new("`--mail-from` needs a mail server").help("name it with `--smtp-url`"))
        }
        (Some(_), None) => {
            let help = "say whom mail comes from: `--mail-from 'Kelvin <kelvin@acme.example>'`";
            Err(Failure::new("the mail server needs a sender").help(help))
        }
        (Some(url), Some(from)) => {
            let server = Smtp::parse(&url).and_then(|smtp| MailServer::new(smtp, &from));
            server.map(Some).map_err(Failure::new)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(smtp_url: Option<&str>, mail_from: Option<&str>) -> Options {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Options { smtp_url: owned(smtp_url), mail_from: owned(mail_from), allow_private_targets: Vec::new() }
    }

    fn playbook(target: &str) -> Playbook {
        let text = format!("playbook: 1\ntime_zone: UTC\ntargets:\n  there: {{{target}}}\n");
        let loaded = kelvin_model::playbook::load("playbook.yaml", &text, &[]);
        loaded.plan.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
    }

    #[test]
    fn the_targets_of_a_playbook_are_ready_at_the_start() {
        let outbox = options(None, None).outbox(Some(&playbook("log: true"))).expect("an outbox");
        assert_eq!(outbox.sinks.keys().collect::<Vec<_>>(), ["there"]);
        assert!(options(None, None).outbox(None).expect("an outbox").sinks.is_empty());
    }

    #[test]
    fn what_is_missing_is_told_at_the_start() {
        let check = |options: Options, target, expect: &str| {
            let failure = options.outbox(Some(&playbook(target))).expect_err(expect);
            assert_eq!(failure.to_string(), expect);
        };
        check(
            options(None, None),
            "mail: team@acme.example",
            "error: the playbook sends mail, and there is no mail server\n\
             help: name one with `--smtp-url` or KELVIN_SMTP_URL, and the sender with `--mail-from`",
        );
        check(
            options(None, None),
            "slack: '${KELVIN_NO_SUCH_VARIABLE}'",
            "error: `there` needs the variable `KELVIN_NO_SUCH_VARIABLE`, which the environment does not have",
        );
        check(
            options(Some("smtps://mail.acme.example"), None),
            "log: true",
            "error: the mail server needs a sender\n\
             help: say whom mail comes from: `--mail-from 'Kelvin <kelvin@acme.example>'`",
        );
        check(
            options(None, Some("kelvin@acme.example")),
            "log: true",
            "error: `--mail-from` needs a mail server\nhelp: name it with `--smtp-url`",
        );
    }

    #[test]
    fn hosts_are_allowed_by_name_or_all_at_once() {
        let hosts = |texts: &[&str]| guard(texts.iter().map(|text| host(text).expect("a host")).collect());
        assert_eq!(hosts(&["*"]), Guard::Open);
        assert_eq!(hosts(&[]), Guard::default());
        let allowed = ["10.1.2.3".to_owned(), "crm.internal".to_owned()].into();
        assert_eq!(hosts(&["CRM.internal", " 10.1.2.3"]), Guard::Public { allowed });
        assert_eq!(host("[FD00:0::1]").as_deref(), Ok("[fd00::1]"));
    }

    #[test]
    fn what_no_target_can_name_as_its_host_is_no_host() {
        for text in [
            "https://crm.internal",
            "crm.internal:8080",
            "crm.internal/hooks",
            "ada@crm.internal",
            "fd00::1",
            "a b",
        ] {
            assert!(host(text).is_err(), "{text}");
        }
    }
}
