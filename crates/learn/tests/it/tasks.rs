//! The real tasks beside the checkout: leads whose outcome is known, and which of them are for testing.

use std::collections::BTreeMap;

use kelvin_learn::measure::Scored;
use kelvin_learn::{
    Column, Dataset, Example, Feature, MISSING, Table, TrainSettings, Values, probabilities, train,
};
use sha2::{Digest, Sha256};

use super::shared::shared;

/// A file of leads, and how to read it.
#[derive(Clone, Copy)]
pub(crate) struct Task {
    pub(crate) name: &'static str,
    file: &'static str,
    delimiter: u8,
    target: (&'static str, &'static str),
    without: &'static [&'static str],
    /// Numbers that name something.
    codes: &'static [&'static str],
    missing: &'static [&'static str],
}

pub(crate) const TASKS: [Task; 4] = [
    Task {
        name: "bank_add_nodur",
        file: "bank-additional-full.csv",
        delimiter: b';',
        target: ("y", "yes"),
        without: &["duration"],
        codes: &[],
        missing: &["unknown"],
    },
    Task {
        name: "shoppers",
        file: "online_shoppers.csv",
        delimiter: b',',
        target: ("Revenue", "1"),
        without: &[],
        codes: &["OperatingSystems", "Browser", "Region", "TrafficType"],
        missing: &[],
    },
    Task {
        name: "shoppers_nopv",
        file: "online_shoppers.csv",
        delimiter: b',',
        target: ("Revenue", "1"),
        without: &["PageValues"],
        codes: &["OperatingSystems", "Browser", "Region", "TrafficType"],
        missing: &[],
    },
    Task {
        name: "salvirt",
        file: "Salvirt_B2B_ML_dataset.csv",
        delimiter: b';',
        target: ("Status", "Won"),
        without: &[],
        codes: &[],
        missing: &["Unknown"],
    },
];

impl Task {
    /// The same with the columns that know the outcome.
    pub(crate) fn with_leaks(self) -> Self {
        Self { without: &[], ..self }
    }

    /// The rows to learn from and those to test on; nothing where the file is not there.
    pub(crate) fn parts(&self) -> Option<(Dataset, Dataset)> {
        let path = shared()?.join("data/leads").join(self.file);
        let mut reader = csv::ReaderBuilder::new().delimiter(self.delimiter).from_path(path).ok()?;
        let names: Vec<String> = reader.headers().ok()?.iter().map(String::from).collect();
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        let all = self.dataset(&names, &rows);
        let (test, taught): (Vec<usize>, Vec<usize>) = (0..rows.len()).partition(|row| fold(*row) >= 8);
        Some((all.take(&taught), all.take(&test)))
    }

    fn dataset(&self, names: &[String], rows: &[csv::StringRecord]) -> Dataset {
        let is_feature = |name: &str| name != self.target.0 && !self.without.contains(&name);
        let columns = names.iter().enumerate().filter(|(_, name)| is_feature(name)).map(|(place, name)| {
            let texts: Vec<&str> = rows.iter().map(|row| &row[place]).collect();
            Column { feature: Feature::Attribute(name.clone()), values: self.values(name, &texts) }
        });
        let target = names.iter().position(|name| name == self.target.0).expect("the target");
        let example = |(row, record): (usize, &csv::StringRecord)| Example {
            lead: row.to_string(),
            at: None,
            outcome: &record[target] == self.target.1,
            outcome_at: None,
            value: None,
        };
        Dataset {
            table: Table::new(columns.collect()).expect("a table"),
            examples: rows.iter().enumerate().map(example).collect(),
        }
    }

    fn values(&self, name: &str, texts: &[&str]) -> Values {
        let numbers: Option<Vec<f64>> = texts.iter().map(|text| text.parse().ok()).collect();
        match numbers {
            Some(numbers) if !self.codes.contains(&name) => Values::Numbers(numbers),
            _ => self.categories(texts),
        }
    }

    fn categories(&self, texts: &[&str]) -> Values {
        let mut known: BTreeMap<&str, u32> = BTreeMap::new();
        let (mut levels, mut codes) = (Vec::new(), Vec::new());
        for text in texts {
            if self.missing.contains(text) || text.is_empty() {
                codes.push(MISSING);
                continue;
            }
            let next = u32::try_from(levels.len()).expect("few levels");
            codes.push(*known.entry(text).or_insert_with(|| {
                levels.push((*text).to_string());
                next
            }));
        }
        Values::Categories { codes, levels }
    }
}

/// The fold of a row, as the data's readme has it.
fn fold(row: usize) -> u64 {
    let digest = Sha256::digest(row.to_string());
    u64::from_be_bytes(digest[..8].try_into().expect("eight bytes")) % 10
}

/// Of each model of other tools, its AUC and its log loss on the task's test rows.
fn peers(task: &str) -> Vec<(f64, f64)> {
    let path = shared().expect("the task has been found").join("data/reference/baselines.csv");
    let mut reader = csv::Reader::from_path(path).expect("the models of other tools");
    let boosted = ["lightgbm", "xgboost", "catboost", "ebm"];
    let rows = reader.records().map(|row| row.expect("a row"));
    let mine = rows.filter(|row| &row[0] == task && boosted.contains(&&row[1]));
    mine.map(|row| (row[5].parse().expect("an AUC"), row[6].parse().expect("a log loss"))).collect()
}

/// By how much a model falls short of the best of its peers: in AUC, and in log loss.
fn shortfall(task: &Task) -> Option<(f64, f64)> {
    let (taught, test) = task.parts()?;
    let settings = TrainSettings { threads: 2, ..TrainSettings::default() };
    let predictor = train(&taught, &settings).expect("a model").predictor;
    let scored = Scored::new(&probabilities(&predictor, &test.table), &test.outcomes()).expect("scores");
    let (auc, log_loss) = (scored.auc().expect("both"), scored.log_loss().expect("rows"));
    let peers = peers(task.name);
    let best_auc = peers.iter().map(|peer| peer.0).fold(0.0, f64::max);
    let best_log_loss = peers.iter().map(|peer| peer.1).fold(f64::INFINITY, f64::min);
    Some((best_auc - auc, log_loss - best_log_loss))
}

#[test]
fn a_bank_s_calls_are_predicted_as_well_as_by_the_best() {
    let Some((auc, log_loss)) = shortfall(&TASKS[0]) else { return };
    assert!(auc < 0.005 && log_loss < 0.001, "{auc} {log_loss}");
}

#[test]
fn a_shop_s_sales_are_predicted_as_well_as_by_the_best() {
    let Some((auc, log_loss)) = shortfall(&TASKS[1]) else { return };
    assert!(auc < 0.005 && log_loss < 0.0, "{auc} {log_loss}");
}

#[test]
fn a_shop_s_sales_are_predicted_as_well_as_by_the_best_without_what_leaks() {
    let Some((auc, log_loss)) = shortfall(&TASKS[2]) else { return };
    assert!(auc < 0.005 && log_loss < 0.002, "{auc} {log_loss}");
}

/// 91 test rows: one standard error of the AUC is 0.045.
#[test]
fn few_deals_are_predicted_about_as_well_as_by_the_best() {
    let Some((auc, log_loss)) = shortfall(&TASKS[3]) else { return };
    assert!(auc < 0.01 && log_loss < 0.02, "{auc} {log_loss}");
}
