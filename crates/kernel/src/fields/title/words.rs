//! The tables of words, one or two files a language. To teach Kelvin a word, add it to a line in `words/*.txt`.
//!
//! A table is plain text. What follows a `#` is a comment. `= …` begins a group: what its words say about rank, then, after a comma, the
//! department they belong to and how surely. The words and phrases of the group follow, separated by commas:
//!
//! - `leiter(in)` stands for both forms;
//! - `-leiter` also ends compounds (*Marketingleiter*), `vertrieb-` also begins them;
//! - case and accents do not matter; `ä`, `ö`, `ü` are found as `ae`, `oe`, `ue` too.

use super::{
    Department, Seniority,
    lexicon::{Rank, Sense, Weight},
};

/// One file of words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table {
    text: &'static str,
    /// Whether in its language the first of several fields is the main one.
    romance: bool,
}

/// All tables. Where two share a word, the first one's sense holds.
pub(super) const TABLES: [Table; 5] = [
    Table { text: include_str!("words/en.txt"), romance: false },
    Table { text: include_str!("words/en_fields.txt"), romance: false },
    Table { text: include_str!("words/de.txt"), romance: false },
    Table { text: include_str!("words/fr.txt"), romance: true },
    Table { text: include_str!("words/es.txt"), romance: true },
];

impl Table {
    /// The table's phrases with their senses; a group whose first line is wrong gives nothing (the tests find it).
    pub(super) fn phrases(self) -> impl Iterator<Item = (&'static str, Sense)> {
        let mut sense = None;
        self.text.lines().flat_map(move |line| {
            let line = line.split('#').next().unwrap_or_default().trim();
            let phrases = match line.strip_prefix('=') {
                Some(group) => {
                    sense = group_sense(group, self.romance);
                    ""
                }
                None => line,
            };
            let phrases = phrases.split(',').map(str::trim).filter(|phrase| !phrase.is_empty());
            phrases.filter_map(move |phrase| Some((phrase, sense?)))
        })
    }
}

/// The sense that a group's first line gives: `post manager, product hint`.
fn group_sense(group: &str, romance: bool) -> Option<Sense> {
    let (rank, area) = match group.split_once(',') {
        Some((rank, area)) => (rank, Some(department(area)?)),
        None => (group, None),
    };
    Some(Sense { rank: self::rank(rank)?, area, romance })
}

fn rank(text: &str) -> Option<Rank> {
    let mut words = text.split_whitespace();
    let (kind, level) = (words.next()?, words.next());
    let level = || Seniority::ALL.into_iter().find(|seniority| Some(seniority.as_str()) == level);
    Some(match kind {
        "field" => Rank::Field,
        "post" => Rank::Post(level()?),
        "tail" => Rank::Tail(level()?),
        "seat" => Rank::Seat,
        "sole" => Rank::Sole(level()?),
        "partner" => Rank::Partner,
        "lead" => Rank::Lead,
        "chief" => Rank::Chief,
        "officer" => Rank::Officer,
        "grade" => Rank::Grade(level()?),
        "learner" => Rank::Learner(level()?),
        "pupil" => Rank::Pupil(level()?),
        "assistant" => Rank::Assistant,
        "aide" => Rank::Aide,
        "deputy" => Rank::Deputy,
        "void" => Rank::Void,
        "of" => Rank::Of,
        "behalf" => Rank::Behalf,
        "and" => Rank::And,
        _ => return None,
    })
}

fn department(text: &str) -> Option<(Department, Weight)> {
    let (name, weight) = text.trim().split_once(' ')?;
    let weight = match weight {
        "weak" => Weight::Weak,
        "hint" => Weight::Hint,
        "strong" => Weight::Strong,
        _ => return None,
    };
    Department::ALL
        .into_iter()
        .find(|department| department.as_str() == name)
        .map(|department| (department, weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_of_words_has_a_sense() {
        for table in TABLES {
            for line in table.text.lines().filter_map(|line| line.strip_prefix('=')) {
                assert!(group_sense(line, false).is_some(), "`{line}`");
            }
        }
    }
}
