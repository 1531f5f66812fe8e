//! The words of all languages in one table: what a word or phrase says about rank and department.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::{
    Department, Seniority,
    text::{Piece, Text},
    words,
};

/// What a word says about rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rank {
    /// Nothing: a field of work.
    Field,
    /// A post: director, CEO, engineer.
    Post(Seniority),
    /// A post of the first row that is held beside others, and on when those are over: board member.
    Seat,
    /// A field of work, and a post where nothing else is said: *Commercial*.
    Sole(Seniority),
    /// A post, unless a department or another post follows: owner.
    Tail(Seniority),
    /// `partner`: the same, of the first row; but a partner for people or purchases serves colleagues.
    Partner,
    /// `lead`: a manager at the end of a phrase, a senior specialist in front of one.
    Lead,
    /// `chief`: with an officer after it the first row, else a head.
    Chief,
    /// `officer`
    Officer,
    /// Raises or lowers a specialist: senior, junior.
    Grade(Seniority),
    /// Intern or student, unless a manager or more follows: intern, student.
    Learner(Seniority),
    /// Intern or student whatever else is said: Werkstudent, stagiaire.
    Pupil(Seniority),
    /// `assistant`: below the post that follows; a director's assistant is still a director of some kind, a CEO's is not.
    Assistant,
    /// Serves someone: the posts around are theirs.
    Aide,
    /// A deputy: of the first row a vice president, else as the post.
    Deputy,
    /// Not, not yet or no longer: former, aspiring.
    Void,
    /// What follows is what the post is about or whom it serves: of, to, für, de.
    Of,
    /// What follows is someone else, even without a post before it: office of, reporting to.
    Behalf,
    /// Another post or department follows: and, und.
    And,
}

/// How much a word says about the department; the strongest word decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// General posts: CEO, assistant, consultant.
    Weak,
    /// Fields that also describe others: digital, operations, software.
    Hint,
    /// The field itself: marketing, accounting.
    Strong,
}

/// What a word or phrase says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sense {
    pub(super) rank: Rank,
    pub(super) area: Option<(Department, Weight)>,
    /// From a language in which the first of several fields is the main one: *responsable marketing produit*.
    pub(super) romance: bool,
}

/// All words, for look-ups only.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    phrases: FxHashMap<Box<str>, Sense>,
    /// The most words of a phrase that starts with a word.
    longest: FxHashMap<Box<str>, usize>,
    /// Ends of compounds.
    ends: FxHashMap<Box<str>, Sense>,
    /// Starts of compounds.
    starts: FxHashMap<Box<str>, Sense>,
}

/// The lexicon of all languages.
pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon::default();
    for (phrase, sense) in words::TABLES.into_iter().flat_map(words::Table::phrases) {
        lexicon.add(phrase, sense);
    }
    lexicon
});

/// A compound's parts are at least this long, in bytes.
const SHORTEST_PART: usize = 2;
/// A part that is found at the end of another word is longer than this.
const LONG_PART: usize = 3;
/// Letters between the parts of a compound.
const LINKS: [&str; 6] = ["", "s", "es", "n", "en", "e"];
/// A word longer than this is no compound that anyone wrote.
const LONGEST_COMPOUND: usize = 64;

impl Lexicon {
    /// The longest phrase that starts at `pieces[at]`, with the number of its words.
    pub(super) fn phrase(&self, text: &Text, at: usize) -> Option<(Sense, usize)> {
        let Some(Piece::Word(start, end)) = text.pieces.get(at).copied() else { return None };
        let longest = *self.longest.get(text.slice(start, end))?;
        let words =
            text.pieces.iter().skip(at).take(longest).take_while(|piece| matches!(piece, Piece::Word(..)));
        (1..=words.count()).rev().find_map(|words| {
            let Some(Piece::Word(_, end)) = text.pieces.get(at + words - 1).copied() else { return None };
            Some((*self.phrases.get(text.slice(start, end))?, words))
        })
    }

    /// What a word says that no table has: the end of a German compound tells the rank, its start the department.
    pub(super) fn compound(&self, word: &str) -> Option<Sense> {
        if word.len() > LONGEST_COMPOUND {
            return None;
        }
        let (first, last) = (SHORTEST_PART, word.len().checked_sub(3)?);
        let (at, end) = (first..=last).find_map(|at| Some((at, self.ends.get(word.get(at..)?)?)))?;
        let area = self.start_of(word.get(..at)?).and_then(|start| start.area).or(end.area);
        Some(Sense { area, ..*end })
    }

    /// The sense of the first part of a compound, linking letters aside. Where only its end is known that must be long:
    /// a unit is not IT.
    fn start_of(&self, part: &str) -> Option<&Sense> {
        let ends = (1..part.len().saturating_sub(LONG_PART)).filter_map(|at| part.get(at..));
        std::iter::once(part)
            .chain(ends)
            .find_map(|part| LINKS.iter().find_map(|link| self.starts.get(part.strip_suffix(link)?)))
    }

    fn add(&mut self, phrase: &str, sense: Sense) {
        let (ends, phrase) = phrase.strip_prefix('-').map_or((false, phrase), |phrase| (true, phrase));
        let (starts, phrase) = phrase.strip_suffix('-').map_or((false, phrase), |phrase| (true, phrase));
        for phrase in spellings(phrase) {
            let words = phrase.split(' ').count();
            let first = phrase.split(' ').next().unwrap_or_default();
            let longest = self.longest.entry(first.into()).or_default();
            *longest = words.max(*longest);
            if ends {
                self.ends.insert(phrase.as_str().into(), sense);
            }
            if starts {
                self.starts.insert(phrase.as_str().into(), sense);
            }
            // A word that two languages share keeps the sense of the first, which must not differ (see the tests).
            self.phrases.entry(phrase.into()).or_insert(sense);
        }
    }
}

/// The folded spellings of a phrase in a table: `leiter(in)` both ways, `ä` as `a` and as `ae`, *und* also as *and*.
pub(super) fn spellings(phrase: &str) -> Vec<String> {
    let forms = match phrase.split_once('(') {
        Some((stem, rest)) => {
            let (ending, rest) = rest.split_once(')').unwrap_or((rest, ""));
            vec![format!("{stem}{rest}"), format!("{stem}{ending}{rest}")]
        }
        None => vec![phrase.to_owned()],
    };
    let mut spellings: Vec<String> = Vec::new();
    for form in forms {
        let spelt = form.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue");
        for form in [form, spelt] {
            let folded = Text::new(&form).folded;
            let signed =
                [" und ", " et ", " y "].iter().fold(folded.clone(), |text, and| text.replace(and, " and "));
            spellings.extend([folded, signed]);
        }
    }
    spellings.sort_unstable();
    spellings.dedup();
    spellings
}
