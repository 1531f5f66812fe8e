//! Reads a title: clause by clause, the post that is held and the field it is held in.

use super::{
    Department, Seniority,
    clause::Clause,
    lexicon::{LEXICON, Rank, Sense, Weight},
    text::{Piece, Text},
};

/// What a title tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) seniority: Seniority,
    pub(super) department: Department,
}

/// What ends a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Break {
    /// `&`, *and*, `/`
    And,
    /// `,`
    Comma,
    /// Anything that begins something else.
    Wall,
}

/// The clauses read so far.
#[derive(Debug, Default)]
struct Reader {
    clause: Clause,
    /// The most senior post of the clauses before.
    best: Option<Seniority>,
    /// The same without the last clause, should the next say that it is over: *CEO (retired)*.
    best_before: Option<Seniority>,
    /// Whether the clause before serves someone.
    served: bool,
    /// The field with the greatest weight so far, the first of several.
    field: Option<(Department, Weight)>,
    /// Whether a word of a Romance language occurred: then the first of several fields is the main one.
    romance: bool,
}

/// Reads a title.
pub(super) fn read(title: &str) -> Reading {
    let text = Text::new(title);
    let lexicon = &*LEXICON;
    let mut reader = Reader::default();
    let mut at = 0;
    while let Some(piece) = text.pieces.get(at) {
        let mut words = 1;
        match *piece {
            Piece::Word(start, end) => {
                let phrase = lexicon.phrase(&text, at);
                words = phrase.map_or(1, |(_, words)| words);
                let sense =
                    phrase.map(|(sense, _)| sense).or_else(|| lexicon.compound(text.slice(start, end)));
                reader.take(sense);
            }
            Piece::Slash => reader.end(Break::And),
            Piece::Comma => reader.end(Break::Comma),
            Piece::Wall => reader.end(Break::Wall),
        }
        at += words;
    }
    reader.end(Break::Wall);
    Reading {
        seniority: reader.best.unwrap_or(Seniority::Unknown),
        department: reader.field.map_or(Department::Unknown, |(department, _)| department),
    }
}

impl Reader {
    /// Takes in a word, or what a phrase says.
    fn take(&mut self, sense: Option<Sense>) {
        match sense {
            Some(sense) if sense.rank == Rank::And => self.end(Break::And),
            Some(sense) => {
                self.romance |= sense.romance;
                self.clause.take(sense);
            }
            None => self.clause.take_other(),
        }
    }

    /// Takes up what the clause says and begins the next one.
    fn end(&mut self, by: Break) {
        let next = self.clause.next(by);
        let clause = std::mem::replace(&mut self.clause, next);
        if clause.is_empty() {
            return;
        }
        if clause.is_only_void() {
            self.best = self.best_before;
            return;
        }
        self.best_before = self.best;
        // An assistant, then nothing but *CEO*: whom the assistant serves.
        if !(self.served && clause.is_only_first_row()) {
            self.best = higher(self.best, clause.seniority(by));
            self.served = clause.serves();
        }
        if let Some((department, weight)) = clause.field(self.romance)
            && self.field.is_none_or(|(_, known)| weight > known)
        {
            self.field = Some((department, weight));
        }
    }
}

/// The more senior of two, where there are two.
fn higher(a: Option<Seniority>, b: Option<Seniority>) -> Option<Seniority> {
    a.into_iter().chain(b).max_by_key(|seniority| standing(*seniority))
}

/// How much a post says when several are held. A student with a side job is a student; one who runs a firm runs a firm.
pub(super) fn standing(seniority: Seniority) -> u8 {
    match seniority {
        Seniority::CLevel => 9,
        Seniority::Vp => 8,
        Seniority::Director => 7,
        Seniority::Head => 6,
        Seniority::Manager => 5,
        Seniority::Intern => 4,
        Seniority::Student => 3,
        Seniority::Senior => 2,
        Seniority::Individual => 1,
        Seniority::Unknown => 0,
    }
}
