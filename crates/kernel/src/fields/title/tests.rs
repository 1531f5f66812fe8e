//! A table of real titles, and what holds of any title.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{lexicon, words::TABLES, *};

/// Words whose sense depends on the language, so that the first table's holds: an English chef cooks, a French one leads; a
/// German student who also manages is rare.
const SHARED: [&str; 2] = ["chef", "student"];

const TITLES: &str = include_str!("titles.tsv");

/// The lines of the table of titles: number, title, seniority, department.
fn titles() -> impl Iterator<Item = (usize, [&'static str; 3])> {
    let lines = (1..).zip(TITLES.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines.map(|(number, line)| {
        let cells: Vec<&str> = line.split('\t').collect();
        (number, cells.try_into().unwrap_or_else(|_| panic!("line {number} has other than three cells")))
    })
}

fn read(title: &str) -> [&'static str; 2] {
    [seniority(title).as_str(), department(title).as_str()]
}

#[test]
fn every_title_of_the_table_is_read_as_it_says() {
    let wrong: Vec<String> = titles()
        .filter(|(_, [title, expect @ ..])| read(title) != *expect)
        .map(|(number, [title, expect @ ..])| {
            format!("line {number}: `{title}` is {:?}, not {expect:?}", read(title))
        })
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_table_holds_hundreds_of_titles_and_every_level_and_department() {
    let titles: Vec<_> = titles().map(|(_, cells)| cells).collect();
    assert!(titles.len() >= 300, "{} titles", titles.len());
    for level in Seniority::ALL.map(Seniority::as_str) {
        assert!(titles.iter().any(|[_, seniority, _]| *seniority == level), "no title is `{level}`");
    }
    for field in Department::ALL.map(Department::as_str) {
        assert!(titles.iter().any(|[_, _, department]| *department == field), "no title is of `{field}`");
    }
}

#[test]
fn every_title_of_the_table_reads_the_same_in_capitals_and_between_spaces() {
    for (number, [title, ..]) in titles() {
        assert_eq!(read(&title.to_uppercase()), read(title), "line {number}: `{title}` in capitals");
        assert_eq!(
            read(&format!(" \t{title}\u{a0} ")),
            read(title),
            "line {number}: `{title}` between spaces"
        );
    }
}

#[test]
fn a_word_has_one_sense_in_all_tables() {
    let mut known = BTreeMap::new();
    let mut torn = Vec::new();
    for (phrase, sense) in TABLES.into_iter().flat_map(super::words::Table::phrases) {
        for spelling in lexicon::spellings(phrase.trim_matches('-')) {
            let (first, sense) = (*known.entry(spelling.clone()).or_insert(sense), sense);
            if (first.rank, first.area) != (sense.rank, sense.area) && !SHARED.contains(&spelling.as_str()) {
                torn.push(format!("`{phrase}` is {first:?} and {sense:?}"));
            }
        }
    }
    assert!(torn.is_empty(), "{}", torn.join("\n"));
}

proptest! {
    #[test]
    fn no_title_makes_it_panic(title in "\\PC*", odd in "[\\x00-\\x7f\u{300}\u{345}ßŉİıǅﬁ]{0,60}") {
        let _ = (read(&title), read(&odd), read(&format!("Director {odd}")));
    }

    #[test]
    fn case_and_surrounding_spaces_do_not_matter(title in "\\PC*", odd in "[ ,/().&éßŉİıǅﬁa-zA-Z\u{300}\u{345}]{0,40}") {
        for title in [title, odd] {
            let told = read(&title);
            prop_assert_eq!(read(&title.to_uppercase()), told);
            prop_assert_eq!(read(&title.to_lowercase()), told);
            prop_assert_eq!(read(&format!("  {title}\t")), told);
        }
    }

    #[test]
    fn words_in_any_order_are_read_without_harm(words in proptest::collection::vec(word(), 0..12)) {
        let _ = read(&words.join(" "));
    }
}

/// A word of some title, or a sign between words.
fn word() -> impl Strategy<Value = &'static str> {
    let words: Vec<&str> = titles().flat_map(|(_, [title, ..])| title.split(' ')).collect();
    prop_oneof![
        proptest::sample::select(words),
        proptest::sample::select(vec!["&", ",", "-", "(", ")", "|", "of"])
    ]
}
