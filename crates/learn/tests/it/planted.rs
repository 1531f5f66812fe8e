//! Leads whose outcomes follow rules that are known, to see them found.

use kelvin_kernel::Instant;
use kelvin_learn::{Column, Dataset, Example, Feature, MISSING, Random, Table, Values};

/// Leads with noise in four columns: `size` and `visits` raise the odds, of `industry` two levels do, `shoe` does
/// nothing; a third of `size` is missing, and those who keep it to themselves buy less.
pub(crate) fn leads(rows: usize, seed: u64) -> Dataset {
    let mut random = Random::new(seed);
    let (mut size, mut visits, mut shoe) = (Vec::new(), Vec::new(), Vec::new());
    let (mut industry, mut examples) = (Vec::new(), Vec::new());
    for row in 0..rows {
        let told = random.unit() > 0.3;
        size.push(if told { (random.normal() + 3.0).exp().round() } else { f64::NAN });
        visits.push((random.unit() * 20.0).floor());
        shoe.push(35.0 + (random.unit() * 12.0).floor());
        let level = u32::try_from(random.below(13)).expect("a level");
        industry.push(if level == 12 { MISSING } else { level });
        let by_size = if told { (size[row] / 20.0_f64).ln().clamp(-1.0, 1.0) } else { -1.0 };
        let by_industry = if level == 3 || level == 7 { 1.5 } else { 0.0 };
        let log_odds = -1.5 + by_size + 0.1 * (visits[row] - 10.0) + by_industry;
        let outcome = random.unit() < 1.0 / (1.0 + f64::exp(-log_odds));
        examples.push(Example {
            lead: format!("lead {row}"),
            at: None,
            outcome,
            outcome_at: None,
            value: None,
        });
    }
    let levels = (0..12).map(|level| format!("industry {level}")).collect();
    let columns = vec![
        column("size", Values::Numbers(size)),
        column("visits", Values::Numbers(visits)),
        column("shoe", Values::Numbers(shoe)),
        column("industry", Values::Categories { codes: industry, levels }),
    ];
    Dataset { table: Table::new(columns).expect("a table"), examples }
}

fn column(name: &str, values: Values) -> Column {
    Column { feature: Feature::Attribute(name.into()), values }
}

/// The same leads, one decided upon each hour.
pub(crate) fn in_time(mut dataset: Dataset) -> Dataset {
    for (hour, example) in (0..).zip(&mut dataset.examples) {
        example.at = Some(Instant::from_millis(hour * 3_600_000));
    }
    dataset
}
