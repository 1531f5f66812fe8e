//! What some leads have more often than others.

use serde::Serialize;

use super::{FALSE, groups::quarters};
use crate::{
    Column, Feature, MISSING, Table, Values,
    chance::{adjusted, fisher},
};

/// What is more frequent among some leads than among others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Common {
    /// What is looked at: `lead.industry`.
    pub feature: String,
    /// What it is there.
    pub is: Is,
    /// How many of the leads that surprised have it.
    pub surprises: usize,
    /// How many of the others.
    pub others: usize,
    /// The chance of as great a difference, or a greater, where there is none; with all that was looked at taken into account.
    pub chance: f64,
}

/// What a feature may be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Is {
    /// This text.
    Text(String),
    /// Not told.
    Missing,
    /// This number or more.
    AtLeast(f64),
    /// Less than this number.
    Below(f64),
}

/// What fewer leads have is nothing that they have in common.
const FEWEST: u64 = 5;

/// What the first rows of a table have more often than the second: of each column what is surest, if it is sure at all.
pub(super) fn in_common(table: &Table, rows: [&[usize]; 2]) -> Vec<Common> {
    let sizes = rows.map(|rows| rows.len() as u64);
    let columns = table.columns().iter().enumerate().filter(|(_, column)| is_telling(&column.feature));
    let candidates = columns.flat_map(|(place, column)| {
        candidates(column, rows).into_iter().map(move |(is, counts)| (place, is, counts))
    });
    let (mut found, mut chances) = (Vec::new(), Vec::new());
    for (place, is, counts) in candidates.filter(|(.., counts)| counts[0] + counts[1] >= FEWEST) {
        chances.push(fisher([0, 1].map(|side| [counts[side], sizes[side] - counts[side]])));
        found.push((place, is, counts));
    }
    let mut surest: Vec<(usize, Common)> = Vec::new();
    for ((place, is, [surprises, others]), chance) in found.into_iter().zip(adjusted(&chances)) {
        let is_more = surprises * sizes[1] > others * sizes[0];
        if chance > FALSE || !is_more || surprises < FEWEST {
            continue;
        }
        let feature = table.columns()[place].feature.to_string();
        let one = Common { feature, is, surprises: surprises as usize, others: others as usize, chance };
        match surest.iter_mut().find(|(other, _)| *other == place) {
            Some((_, other)) if other.chance <= one.chance => {}
            Some((_, other)) => *other = one,
            None => surest.push((place, one)),
        }
    }
    let is_made = |place: usize| matches!(table.columns()[place].feature, Feature::Field { .. });
    surest.sort_by(|(a, one), (b, other)| {
        one.chance.total_cmp(&other.chance).then(is_made(*a).cmp(&is_made(*b)))
    });
    let mut told: Vec<Common> = Vec::new();
    for (_, one) in surest {
        // What as many have is most likely the same: a title, and the seniority that is made of it.
        if !told.iter().any(|other| (other.surprises, other.others) == (one.surprises, one.others)) {
            told.push(one);
        }
    }
    told
}

/// Whether leads are told by it. What they did differs with how late they were looked at, and so with what is a surprise.
fn is_telling(feature: &Feature) -> bool {
    use Feature::{Attribute, Field, FirstSource, LastSource};
    matches!(feature, Attribute(_) | Field { .. } | FirstSource | LastSource)
}

/// What a column may be, and how many of either rows are that.
fn candidates(column: &Column, rows: [&[usize]; 2]) -> Vec<(Is, [u64; 2])> {
    match &column.values {
        Values::Numbers(numbers) => {
            let count = |holds: &dyn Fn(f64) -> bool| {
                rows.map(|rows| rows.iter().filter(|row| holds(numbers[**row])).count() as u64)
            };
            let cut = |at: f64| {
                let [above, below] = [count(&|number| number >= at), count(&|number| number < at)];
                [(Is::AtLeast(at), above), (Is::Below(at), below)]
            };
            let missing = (Is::Missing, count(&|number| number.is_nan()));
            quarters(rows.concat().into_iter().map(|row| numbers[row]))
                .into_iter()
                .flat_map(cut)
                .chain([missing])
                .collect()
        }
        Values::Categories { codes, levels } => {
            let mut counts = vec![[0; 2]; levels.len() + 1];
            for (side, rows) in rows.into_iter().enumerate() {
                for row in rows {
                    let place = if codes[*row] == MISSING { levels.len() } else { codes[*row] as usize };
                    counts[place][side] += 1;
                }
            }
            let names = levels.iter().map(|level| Is::Text(level.clone())).chain([Is::Missing]);
            names.zip(counts).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    /// Leads of which the first 100 surprised; of these so many more are students, who have few employees.
    fn found(seed: u64, more: f64) -> Vec<Common> {
        let mut random = Random::new(seed);
        let (mut titles, mut employees, mut noise) = (Vec::new(), Vec::new(), Vec::new());
        for row in 0..300 {
            let is_student = random.unit() < if row < 100 { 0.2 + more } else { 0.2 };
            titles.push(u32::from(is_student));
            employees.push((random.unit() * 100.0).floor() + if is_student { 0.0 } else { 150.0 * more });
            noise.push(random.below(10) as u32);
        }
        let levels = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let numbered = (0..10).map(|level| level.to_string()).collect();
        let columns = [
            ("title", Values::Categories { codes: titles, levels: levels(&["Manager", "Student"]) }),
            ("employees", Values::Numbers(employees)),
            ("noise", Values::Categories { codes: noise, levels: numbered }),
        ];
        let column =
            |(name, values): (&str, Values)| Column { feature: Feature::Attribute(name.into()), values };
        let table = Table::new(columns.map(column).into()).expect("a table");
        let rows: Vec<usize> = (0..300).collect();
        in_common(&table, [&rows[..100], &rows[100..]])
    }

    #[test]
    fn what_surprises_have_in_common_is_found_in_every_sample() {
        for seed in 0..50 {
            let found = found(seed, 0.4);
            assert_eq!(found[0].is, Is::Text("Student".into()), "{seed}: {found:?}");
            assert!(found.iter().any(|one| matches!(one.is, Is::Below(_))), "{seed}: {found:?}");
        }
    }

    #[test]
    fn where_there_is_nothing_in_common_something_is_found_as_rarely_as_is_said() {
        let found = (0..400).filter(|seed| !found(*seed, 0.0).is_empty()).count();
        // No more than 20 of 400, with a standard deviation of 4; exact tests find fewer.
        assert!(found <= 32, "{found}");
    }
}
