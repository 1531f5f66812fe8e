//! What is about to come is read at once: each row by itself would be a way to the database and back.

use std::collections::BTreeSet;

use super::{
    log,
    row::{column, text},
    session::Session,
};
use crate::{Coming, ForesightChange, Id, Result};

impl ForesightChange for Session<'_> {
    fn foresee<'c>(&mut self, coming: &dyn Fn() -> Coming<'c>) -> Result<()> {
        let coming = &coming();
        let hashes: Vec<_> = coming.ids.iter().map(|id| log::hash(id)).collect();
        if !hashes.is_empty() {
            self.read_ids(&hashes, &mut self.waiting.borrow_mut().events)?;
        }
        if !coming.links.is_empty() {
            self.read_links(&coming.links)?;
        }
        let leads = self.leads_of(coming)?;
        if leads.is_empty() || coming.models.is_empty() {
            Ok(())
        } else {
            self.read_holdings(&coming.models, &leads)
        }
    }
}

impl Session<'_> {
    /// The leads of which something may change, as far as that is known yet.
    fn leads_of(&self, coming: &Coming<'_>) -> Result<BTreeSet<String>> {
        let mut leads: BTreeSet<_> = coming.leads.iter().map(|&lead| lead.to_owned()).collect();
        if coming.profiles.is_empty() {
            return Ok(leads);
        }
        self.read_profiles(&column(&coming.profiles, |profile| text(profile)))?;
        let ids = &mut self.waiting.borrow_mut().ids;
        for &profile in &coming.profiles {
            let id = Id::profile(profile);
            ids.learn_missing(&id);
            let known = ids.get(&id).flatten();
            leads.insert(known.map_or_else(|| profile.to_owned(), |known| known.lead.clone()));
        }
        Ok(leads)
    }
}
