//! Leads that meet several conditions, the greatest scores first.
//!
//! Where few leads can meet them, those are looked at one by one; else the list of all leads is walked, of which no more than so
//! much is looked at for one page.

use std::collections::BTreeSet;

use kelvin_kernel::{Instant, Micropoints};
use kelvin_store::{LeadScore, Place, TaskFilter, View};

use crate::{Error, Model, writer};

/// More leads than these are not gathered: of so many, a page is soon found among all.
const MOST_GATHERED: usize = 2000;

/// Leads that are looked at for one page.
const MOST_WALKED: usize = 5000;

/// Leads that are looked at in one go.
const STRIDE: usize = 500;

/// Which leads.
pub(super) struct Conditions {
    pub(super) tier: Option<String>,
    pub(super) min_score: Option<Micropoints>,
    /// Who has the lead.
    pub(super) owner: Option<String>,
    /// The lead's account.
    pub(super) account: Option<String>,
    /// What one of the lead's ids holds, in lower case.
    pub(super) text: Option<String>,
}

/// A part of the leads that meet conditions, and where the next begins, if there may be more.
pub(super) struct Found {
    pub(super) leads: Vec<LeadScore>,
    pub(super) next: Option<Place>,
}

/// Whose list is looked at, and when.
pub(super) struct Search<'a> {
    pub(super) view: &'a dyn View,
    pub(super) model: &'a Model,
    pub(super) conditions: &'a Conditions,
    pub(super) now: Instant,
}

impl Search<'_> {
    /// The first leads after a place.
    pub(super) fn page(&self, after: Option<Place>, limit: usize) -> Result<Found, Error> {
        match self.gathered()? {
            Some(leads) => self.among(leads, after.as_ref(), limit),
            None => self.walked(after, limit),
        }
    }

    /// All leads that can meet the conditions, if they are few.
    fn gathered(&self) -> Result<Option<BTreeSet<String>>, Error> {
        let few = |leads: Vec<String>| Some(leads).filter(|leads| leads.len() < MOST_GATHERED);
        let Conditions { owner, account, text, .. } = self.conditions;
        if let Some(text) = text
            && let Some(leads) = few(self.view.leads_named(text, MOST_GATHERED)?)
        {
            return Ok(Some(leads.into_iter().collect()));
        }
        if let Some(account) = account
            && self.model.scores_accounts()
        {
            let leads = few(self.view.members(self.model.key(), account)?);
            return Ok(leads.map(|leads| leads.into_iter().collect()));
        }
        if let Some(owner) = owner {
            let filter = TaskFilter { owner: Some(owner.clone()), ..TaskFilter::default() };
            let tasks = self.view.tasks(&filter, None, MOST_GATHERED)?;
            let leads = few(tasks.into_iter().map(|task| task.lead).collect());
            return Ok(leads.map(|leads| leads.into_iter().collect()));
        }
        Ok(None)
    }

    /// Those of some leads that meet the conditions.
    fn among(&self, leads: BTreeSet<String>, after: Option<&Place>, limit: usize) -> Result<Found, Error> {
        let mut found = Vec::new();
        for lead in leads {
            let Some(score) = self.view.score_of(self.model.key(), &lead)? else { continue };
            if after.is_none_or(|after| is_behind(&score, after)) && self.is_met(&score)? {
                found.push(score);
            }
        }
        found.sort_by(|one, other| other.score.cmp(&one.score).then_with(|| one.lead.cmp(&other.lead)));
        found.truncate(limit);
        let next = found.last().filter(|_| found.len() == limit).map(place);
        Ok(Found { leads: found, next })
    }

    /// Those that meet the conditions, along the list of all.
    fn walked(&self, mut after: Option<Place>, limit: usize) -> Result<Found, Error> {
        let (mut found, mut looked_at) = (Vec::new(), 0);
        let stride = if self.needs_a_look() { STRIDE } else { limit };
        while looked_at < MOST_WALKED {
            let leads = self.view.ranked(
                self.model.key(),
                self.conditions.tier.as_deref(),
                after.as_ref(),
                stride,
            )?;
            let is_last = leads.len() < stride;
            looked_at += leads.len();
            for score in leads {
                if self.is_too_low(&score) {
                    return Ok(Found { leads: found, next: None });
                }
                after = Some(place(&score));
                if self.is_met(&score)? {
                    found.push(score);
                }
                if found.len() == limit {
                    return Ok(Found { leads: found, next: after });
                }
            }
            if is_last {
                return Ok(Found { leads: found, next: None });
            }
        }
        Ok(Found { leads: found, next: after })
    }

    /// Whether more than the list of scores tells who meets the conditions.
    fn needs_a_look(&self) -> bool {
        let Conditions { owner, account, text, .. } = self.conditions;
        owner.is_some() || account.is_some() || text.is_some()
    }

    fn is_too_low(&self, score: &LeadScore) -> bool {
        self.conditions.min_score.is_some_and(|least| score.score < least)
    }

    fn is_met(&self, score: &LeadScore) -> Result<bool, Error> {
        let Conditions { tier, owner, account, text, .. } = self.conditions;
        let is_in = tier.as_deref().is_none_or(|tier| tier == score.tier.as_deref().unwrap_or("none"));
        Ok(is_in
            && !self.is_too_low(score)
            && owner.as_deref().map_or(Ok(true), |owner| self.is_of_owner(&score.lead, owner))?
            && account.as_deref().map_or(Ok(true), |account| self.is_of_account(&score.lead, account))?
            && text.as_deref().map_or(Ok(true), |text| self.is_named(&score.lead, text))?)
    }

    fn is_of_owner(&self, lead: &str, owner: &str) -> Result<bool, Error> {
        let latest = self.view.hand_offs(Some(lead), None, 1)?.pop();
        Ok(latest.and_then(|latest| latest.owner).is_some_and(|known| known == owner))
    }

    fn is_of_account(&self, lead: &str, account: &str) -> Result<bool, Error> {
        let state = writer::known_state(self.view, self.model, lead)?;
        let known = state.and_then(|state| self.model.account(state.history(), self.now));
        Ok(known.is_some_and(|known| known == account))
    }

    fn is_named(&self, lead: &str, text: &str) -> Result<bool, Error> {
        Ok(self.view.ids_of(lead)?.iter().any(|known| known.id.text.to_lowercase().contains(text)))
    }
}

/// Where a lead stands in the list.
fn place(score: &LeadScore) -> Place {
    Place { score: score.score, lead: score.lead.clone() }
}

fn is_behind(score: &LeadScore, place: &Place) -> bool {
    (place.score, &*score.lead) > (score.score, &*place.lead)
}
