//! Events that machines made: crawlers, and scanners that click what is in a mail before people see it. They never
//! score. Each rule makes one void, which says why; it can be lifted for any event.

mod mail;

use std::{collections::BTreeMap, sync::LazyLock};

use isbot::Bots;
use kelvin_kernel::Instant;
use kelvin_store::Change;

use crate::{Error, people::Moved, segment::Call, voids};

/// What gives a machine away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rule {
    /// It says so.
    Bot,
    /// It clicks sooner than anybody could.
    Haste,
    /// It clicks many links of a mail at once, or all.
    ManyLinks,
}

/// Of more events of one mail within seconds than that, the first are looked at: that bounds what a flood costs.
const MOST_AT_ONCE: usize = 500;

/// The user agents of bots that are known.
static BOTS: LazyLock<Bots> = LazyLock::new(Bots::default);

impl Rule {
    /// The name that stays.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::Haste => "mail-haste",
            Self::ManyLinks => "mail-many-links",
        }
    }

    /// What the rule finds, for people.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Bot => "the user agent is that of a bot",
            Self::Haste => "a link of a mail was clicked within seconds of the delivery",
            Self::ManyLinks => "many links of a mail, or all, were clicked within seconds",
        }
    }
}

/// Whether a user agent is that of a bot.
pub(crate) fn is_bot(agent: &str) -> bool {
    BOTS.is_bot(agent)
}

/// Notes what a call says of a mail. What the rules find then may be older events: any order of arrival ends in the
/// same.
pub(crate) fn notice(
    change: &mut dyn Change,
    call: &Call,
    seq: u64,
    now: Instant,
    leads: &mut Moved,
) -> Result<(), Error> {
    let Some((mail, event)) = mail::event(call, seq) else { return Ok(()) };
    change.put_mail_event(&call.profile, &mail, &event)?;
    let mut found: BTreeMap<Rule, Vec<u64>> = BTreeMap::new();
    let events = change.mail_events(&call.profile, &mail, mail::around(&event), MOST_AT_ONCE)?;
    let links = change.mail_links(&call.profile, &mail)?;
    for (rule, seq) in mail::machine_made(&events, links) {
        found.entry(rule).or_default().push(seq);
    }
    for (rule, seqs) in found {
        let number = voids::by_rule(change, rule, now)?;
        voids::set(change, number, &seqs, leads)?;
    }
    Ok(())
}
