//! A playbook carried out: what a change of a score, an event or the passing of time makes happen.
//!
//! The rules are pure functions of what the playbook says, what is remembered of the lead, and the instant:
//! `hand_off` when a lead goes to sales, `assign` to whom, `task` what is due then, `alert` and `digest` what else somebody
//! is told of. `carry_out` and `on_time` ask them within the transaction that holds the change, and put what follows into
//! the store and its outbox: a crash leaves all of it or nothing.

mod alert;
mod assign;
mod carry_out;
mod carry_over;
mod deal;
mod digest;
mod facts;
mod first;
mod give;
mod hand_off;
mod meanwhile;
mod message;
mod moves;
mod note;
mod on_time;
mod rehearsal;
mod stand;
mod task;
mod tell;
#[cfg(test)]
mod testing;
mod text;
mod trial;

use std::collections::BTreeSet;

use kelvin_model::playbook::plan::{Alert, HandOff, OwnerId, Playbook as Plan};

use crate::Model;

pub(crate) use carry_out::{Cause, Scored, Why, given_up, scored};
pub(crate) use carry_over::carry_over;
pub(crate) use facts::Facts;
pub(crate) use meanwhile::let_all_go;
pub(crate) use moves::{Illegal, Move, move_task};
pub(crate) use on_time::on_time;
pub(crate) use rehearsal::{Effect, Effects, Foreseen, Load, Rehearsal, Script};
pub(crate) use trial::{Trial, Trials};

/// A playbook in service.
#[derive(Debug, Clone)]
pub struct Playbook {
    plan: Plan,
    /// The owners' e-mail addresses, in the plan's order.
    emails: Vec<String>,
    /// Whether leads that are in a tier when its hand-off is first seen are handed off.
    hands_off_present: bool,
    /// Where the pages are, without a slash at the end.
    public_url: String,
    /// Hand-offs and alerts that are seen for the first time, by rule and model: they rest until all scores are there.
    resting: BTreeSet<(String, String)>,
    /// Experiments, as leads are dealt out by them.
    trials: Trials,
}

/// How a playbook is carried out.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The address under which people reach the service; where it listens, if absent.
    pub public_url: Option<String>,
    /// Whether leads that are in a tier when its hand-off is first seen are handed off.
    pub hands_off_present: bool,
}

impl Playbook {
    /// A playbook, ready to be carried out. `environment` has the variables that it names.
    ///
    /// # Errors
    /// The name of a variable that is missing.
    pub fn new(
        plan: Plan,
        settings: Settings,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let email = |owner: &kelvin_model::playbook::plan::Owner| {
            owner.email.resolve(&environment).map_err(str::to_owned)
        };
        let emails = plan.owners.iter().map(email).collect::<Result<_, _>>()?;
        let Settings { public_url, hands_off_present } = settings;
        let public_url = public_url.map(|url| url.trim_end_matches('/').to_owned()).unwrap_or_default();
        Ok(Self {
            plan,
            emails,
            hands_off_present,
            public_url,
            resting: BTreeSet::new(),
            trials: Trials::default(),
        })
    }

    /// What it says.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Takes the address that the service listens on for that of the pages, if no other was given.
    pub(crate) fn reached_at(mut self, address: std::net::SocketAddr) -> Self {
        if self.public_url.is_empty() {
            self.public_url = format!("http://{address}");
        }
        self
    }

    /// The hand-offs in force by what a model gives a lead.
    fn hand_offs<'p>(&'p self, model: &'p Model, lead: &str) -> impl Iterator<Item = &'p HandOff> {
        let spoken_of = self.trials.spoken_of(model.id(), lead);
        spoken_of.into_iter().flat_map(|champion| self.hand_offs_of(champion))
    }

    /// The alerts in force by what a model gives a lead.
    fn alerts<'p>(&'p self, model: &'p Model, lead: &str) -> impl Iterator<Item = &'p Alert> {
        let spoken_of = self.trials.spoken_of(model.id(), lead);
        spoken_of.into_iter().flat_map(|champion| self.alerts_of(champion))
    }

    /// The hand-offs in force that speak of a model.
    fn hand_offs_of<'p>(&'p self, model: &'p str) -> impl Iterator<Item = &'p HandOff> {
        let is_of =
            move |hand_off: &&HandOff| self.is_in_force(&hand_off.id, hand_off.model.as_deref(), model);
        self.plan.hand_offs.iter().filter(is_of)
    }

    /// The alerts in force that speak of a model.
    fn alerts_of<'p>(&'p self, model: &'p str) -> impl Iterator<Item = &'p Alert> {
        let is_of = move |alert: &&Alert| self.is_in_force(&alert.id, alert.model.as_deref(), model);
        self.plan.alerts.iter().filter(is_of)
    }

    /// Whether a hand-off or an alert looks at what a model gives a lead.
    pub(crate) fn looks_at(&self, rule: &str, (model, lead): (&Model, &str)) -> bool {
        let is_hand_off = || self.hand_offs(model, lead).any(|hand_off| hand_off.id == rule);
        is_hand_off() || self.alerts(model, lead).any(|alert| alert.id == rule)
    }

    fn is_in_force(&self, rule: &str, named: Option<&str>, model: &str) -> bool {
        let rests = || self.resting.iter().any(|(resting, of)| resting == rule && of == model);
        named.is_none_or(|named| named == model) && !rests()
    }

    fn hand_off(&self, id: &str) -> Option<&HandOff> {
        self.plan.hand_offs.iter().find(|hand_off| hand_off.id == id)
    }

    /// The owner of a short name or an e-mail address.
    fn owner(&self, name: &str) -> Option<OwnerId> {
        let is_named = |(owner, email): (&kelvin_model::playbook::plan::Owner, &String)| {
            owner.id == name || email.eq_ignore_ascii_case(name)
        };
        self.plan.owners.iter().zip(&self.emails).position(is_named).map(OwnerId)
    }

    /// The address of a lead's page.
    fn link(&self, lead: &str) -> String {
        format!("{}/leads/{}", self.public_url, escaped(lead))
    }
}

/// A text as a part of an address.
fn escaped(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut escaped, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte))
            }
            byte => {
                // Writing to a text never fails.
                let _ = write!(escaped, "%{byte:02X}");
            }
        }
        escaped
    })
}
