//! Many sorted runs as one.

use std::{borrow::Cow, ops::Range};

use super::{
    Line,
    run::{Run, RunLine},
    tournament::{Entrant, Tournament},
};
use crate::{
    Error,
    store::{Store, codec::first_bytes},
};

/// The lines of some runs, or of a range of keys of them, in order.
#[derive(Debug)]
pub(crate) struct Rows<'r> {
    runs: &'r [Run],
    store: &'r Store,
    until: Option<&'r [u8]>,
    cursors: Vec<Cursor<'r>>,
    tournament: Tournament,
    /// How many lines of each model are still wanted.
    left: Option<Vec<usize>>,
    most: usize,
}

/// Where one run has come to.
#[derive(Debug)]
struct Cursor<'r> {
    place: usize,
    block: Cow<'r, [u8]>,
    /// Whether there are no more lines.
    spent: bool,
    /// The line that is next, and where the one after it begins.
    key: Range<usize>,
    id: Range<usize>,
    model: usize,
    body: Range<usize>,
    next: usize,
}

impl<'r> Rows<'r> {
    /// The lines with keys from `from` on and before `until`.
    pub(crate) fn new(
        runs: &'r [Run],
        store: &'r Store,
        from: Option<&[u8]>,
        until: Option<&'r [u8]>,
    ) -> Result<Self, Error> {
        let mut cursors = Vec::with_capacity(runs.len());
        for run in runs {
            let block = from.map_or(0, |from| run.block_of(from));
            let mut cursor = Cursor::new(block, run.block(block, store)?.unwrap_or_default());
            cursor.advance(run, store, until)?;
            while !cursor.spent && from.is_some_and(|from| cursor.key() < from) {
                cursor.advance(run, store, until)?;
            }
            cursors.push(cursor);
        }
        let entrants: Vec<_> = cursors.iter().enumerate().map(|(run, cursor)| cursor.entrant(run)).collect();
        let tournament = Tournament::new(&entrants, |a, b| precedes(&cursors, a, b));
        Ok(Self { runs, store, until, cursors, tournament, left: None, most: usize::MAX })
    }

    /// At most so many lines of each model.
    pub(crate) fn limited(mut self, most: Option<usize>) -> Self {
        self.most = most.unwrap_or(usize::MAX);
        self.left = most.map(|_| Vec::new());
        self
    }

    /// Hands each line to `take`.
    pub(crate) fn each(mut self, mut take: impl FnMut(Line<'_>) -> Result<(), Error>) -> Result<(), Error> {
        while let Some(Entrant { run, .. }) = self.tournament.winner() {
            let cursor = &mut self.cursors[run];
            if cursor.spent {
                break;
            }
            if wanted(&mut self.left, self.most, cursor.model) {
                let (id, body) = (&cursor.block[cursor.id.clone()], &cursor.block[cursor.body.clone()]);
                take(Line { id, model: cursor.model, body })?;
            }
            cursor.advance(&self.runs[run], self.store, self.until)?;
            let entrant = cursor.entrant(run);
            self.tournament.replay(entrant, |a, b| precedes(&self.cursors, a, b));
        }
        Ok(())
    }
}

/// Whether the next line of one run comes before that of another.
fn precedes(cursors: &[Cursor<'_>], a: &Entrant, b: &Entrant) -> bool {
    if a.first != b.first {
        return a.first < b.first;
    }
    let rank = |of: &Entrant| {
        let cursor = &cursors[of.run];
        (cursor.spent, cursor.key(), of.run)
    };
    rank(a) < rank(b)
}

/// Counts a line of a model; whether it is wanted.
fn wanted(left: &mut Option<Vec<usize>>, most: usize, model: usize) -> bool {
    let Some(left) = left else {
        return true;
    };
    left.resize(left.len().max(model + 1), most);
    let wanted = left[model] > 0;
    left[model] = left[model].saturating_sub(1);
    wanted
}

impl<'r> Cursor<'r> {
    fn new(place: usize, block: Cow<'r, [u8]>) -> Self {
        Self { place, block, spent: false, key: 0..0, id: 0..0, model: 0, body: 0..0, next: 0 }
    }

    fn key(&self) -> &[u8] {
        &self.block[self.key.clone()]
    }

    /// What the run competes with.
    fn entrant(&self, run: usize) -> Entrant {
        Entrant { first: if self.spent { u128::MAX } else { first_bytes(self.key()) }, run }
    }

    /// Goes to the next line before `until`, if there is one.
    fn advance(&mut self, run: &'r Run, store: &Store, until: Option<&[u8]>) -> Result<(), Error> {
        if self.next >= self.block.len() {
            if self.next > 0 {
                self.place += 1;
            }
            let Some(block) = run.block(self.place, store)? else {
                self.spent = true;
                return Ok(());
            };
            self.block = block;
            self.next = 0;
        }
        let line = RunLine::take(&self.block, self.next)?;
        (self.key, self.id, self.body) = (line.key, line.id, line.body);
        self.model = line.model;
        self.next = self.body.end;
        self.spent = until.is_some_and(|until| self.key() >= until);
        Ok(())
    }
}
