//! The targets of a playbook as sinks.

use std::collections::BTreeMap;

use kelvin_connect::{Sink, SinkError};
use kelvin_model::playbook::{
    plan::{Playbook, Recipient, TargetKind},
    setting::Setting,
};

/// What is wrong with a target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// A variable that it needs is not there.
    #[error("`{target}` needs the variable `{variable}`, which the environment does not have")]
    Variable {
        /// The target.
        target: String,
        /// The variable.
        variable: String,
    },
    /// What it says is no address or no secret.
    #[error("`{target}` cannot be reached: {cause}")]
    Unusable {
        /// The target.
        target: String,
        /// Why.
        cause: SinkError,
    },
}

/// The sinks of a playbook by the names of their targets, `owner:ada` for the mail of each owner among them.
///
/// # Errors
/// The first target that cannot be used: a variable is missing, or what it says is no address.
pub fn sinks(
    playbook: &Playbook,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<BTreeMap<String, Sink>, TargetError> {
    let targets = playbook.targets.iter().map(|target| {
        let sink = sink(&target.id, &target.kind, &environment)?;
        Ok((target.id.clone(), sink))
    });
    let owners = playbook.owners.iter().map(|owner| {
        let id = format!("owner:{}", owner.id);
        let sink = mail(&id, &owner.email, &environment)?;
        Ok((id, sink))
    });
    targets.chain(owners).collect()
}

/// Whether a playbook sends mail, for which there must be a mail server.
pub fn wants_mail(playbook: &Playbook) -> bool {
    let to_owner = |told: &[Recipient]| told.contains(&Recipient::Owner);
    let hands_off = playbook.hand_offs.iter().any(|hand_off| {
        let reminds =
            hand_off.sla.as_ref().is_some_and(|sla| sla.remind.is_some() || to_owner(&sla.escalate));
        to_owner(&hand_off.notify) || reminds
    });
    let is_mail = playbook.targets.iter().any(|target| matches!(target.kind, TargetKind::Mail(_)));
    is_mail || hands_off || playbook.alerts.iter().any(|alert| to_owner(&alert.notify))
}

fn sink(
    id: &str,
    kind: &TargetKind,
    environment: &impl Fn(&str) -> Option<String>,
) -> Result<Sink, TargetError> {
    let read = |setting: &Setting| resolved(id, setting, environment);
    let unusable = |cause| TargetError::Unusable { target: id.to_owned(), cause };
    match kind {
        TargetKind::Slack(url) => Sink::slack(&read(url)?).map_err(unusable),
        TargetKind::Mail(address) => mail(id, address, environment),
        TargetKind::Webhook { url, secret } => {
            let secret = secret.as_ref().map(read).transpose()?;
            Sink::webhook(&read(url)?, secret.as_deref()).map_err(unusable)
        }
        TargetKind::Log => Ok(Sink::Log),
    }
}

fn mail(
    id: &str,
    address: &Setting,
    environment: &impl Fn(&str) -> Option<String>,
) -> Result<Sink, TargetError> {
    let unusable = |cause| TargetError::Unusable { target: id.to_owned(), cause };
    Sink::mail(&resolved(id, address, environment)?).map_err(unusable)
}

fn resolved(
    id: &str,
    setting: &Setting,
    environment: &impl Fn(&str) -> Option<String>,
) -> Result<String, TargetError> {
    let missing =
        |variable: &str| TargetError::Variable { target: id.to_owned(), variable: variable.to_owned() };
    setting.resolve(environment).map_err(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAYBOOK: &str = "\
playbook: 1
time_zone: UTC
owners:
  ada: {email: ada@acme.example}
  bob: {email: '${BOB}'}
targets:
  sales-channel: {slack: '${SLACK}'}
  crm: {webhook: 'https://crm.acme.example/hook', secret: '${SECRET}'}
  team: {mail: team@acme.example}
  journal: {log: true}
";

    fn playbook(text: &str) -> Playbook {
        let loaded = kelvin_model::playbook::load("playbook.yaml", text, &[]);
        loaded.plan.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
    }

    fn environment(name: &str) -> Option<String> {
        let value = match name {
            "SLACK" => "https://hooks.slack.com/services/T/B/x",
            "SECRET" => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "BOB" => "bob@acme.example",
            _ => return None,
        };
        Some(value.to_owned())
    }

    #[test]
    fn targets_and_owners_become_sinks() {
        let sinks = sinks(&playbook(PLAYBOOK), environment).expect("sinks");
        let names: Vec<_> = sinks.keys().map(String::as_str).collect();
        assert_eq!(names, ["crm", "journal", "owner:ada", "owner:bob", "sales-channel", "team"]);
        assert_eq!(sinks["owner:bob"], Sink::mail("bob@acme.example").expect("a sink"));
        assert_eq!(sinks["journal"], Sink::Log);
    }

    #[test]
    fn a_variable_that_is_missing_or_wrong_is_told_with_its_target() {
        let told = |environment: fn(&str) -> Option<String>| {
            sinks(&playbook(PLAYBOOK), environment).expect_err("a problem").to_string()
        };
        assert_eq!(
            told(|_| None),
            "`sales-channel` needs the variable `SLACK`, which the environment does not have"
        );
        let told = told(|_| Some("hunter2".to_owned()));
        assert!(
            told.starts_with("`sales-channel` cannot be reached: its address is none of the web"),
            "{told}"
        );
        assert!(!told.contains("hunter2"));
    }

    #[test]
    fn a_playbook_that_tells_owners_wants_mail() {
        let without = "playbook: 1\ntime_zone: UTC\nowners: {ada: {email: ada@acme.example}}\ntargets: {journal: {log: true}}\n";
        let alert = |to| format!("{without}alerts: [{{id: rise, tier: hot, notify: {to}}}]\n");
        assert!(wants_mail(&playbook(PLAYBOOK)));
        assert!(!wants_mail(&playbook(&alert("journal"))));
        assert!(wants_mail(&playbook(&alert("owner"))));
    }
}
