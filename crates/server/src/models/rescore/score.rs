//! One thread's leads, folded and scored in order.

use kelvin_kernel::state::Gathered;
use kelvin_store::Reader;

use super::{Job, News, Slice, gather::Leads};
use crate::{Error, writer::holding};

/// Leads in one slice: they are written in one transaction, for which events wait.
const SLICE: usize = 500;

/// What one thread gathered of a lead.
type Part = (String, Gathered);

impl Job {
    /// Folds and scores leads, and hands them over.
    pub(super) fn score(&self, reader: &mut Reader, gathered: Vec<Leads>) -> Result<(), Error> {
        let mut parts: Vec<Part> = gathered.into_iter().flatten().collect();
        parts.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let mut leads = parts.chunk_by(|(one, _), (other, _)| one == other).peekable();
        while leads.peek().is_some() {
            self.check()?;
            let slice = self.slice(reader, leads.by_ref().take(SLICE))?;
            self.news.send(News::Slice(slice)).map_err(|_| Error::Stopped)?;
        }
        Ok(())
    }

    fn slice<'p>(
        &self,
        reader: &mut Reader,
        leads: impl Iterator<Item = &'p [Part]>,
    ) -> Result<Slice, Error> {
        let (model, now) = (&self.model, (self.clock)());
        reader.look(|view| {
            let score = |parts: &[Part]| {
                let Some((lead, _)) = parts.first() else { return Ok(None) };
                let gathered = parts.iter().map(|(_, gathered)| gathered);
                let mut state = Gathered::fold(gathered, model.program());
                Ok(Some((lead.clone(), holding(view, model, lead, &mut state, now)?)))
            };
            leads.filter_map(|parts| score(parts).transpose()).collect()
        })
    }
}
