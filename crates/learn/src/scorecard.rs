//! Scorecards that are learned: few rules of whole points, each on one thing that is known of a lead, some on two.
//!
//! Columns fall into few bins at numbers that a person would write; columns are chosen as long as they help; the
//! log-odds of their bins are drawn towards 0 as much as the data ask for, and rounded to points together.

mod atoms;
mod bins;
mod choose;
mod cut;
mod fitted;
mod group;
mod joint;
mod language;
mod own;
mod pull;
mod questions;
mod readable;
mod reprice;
mod sample;
mod suggest;
mod wording;
mod write;

pub use bins::{Bins, Direction};
pub use fitted::{Band, Joint, Rule, Scorecard};
pub use joint::{Condition, Holds};
pub use own::{OwnDimension, OwnModel, OwnRule};
pub use reprice::{Repriced, Repricing, reprice};
pub use suggest::{Suggestion, Tier, suggest};
pub use write::model;

use std::collections::BTreeMap;

use crate::{Dataset, Feature};

/// What a scorecard may look like.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// How many rules there may be.
    pub rules: usize,
    /// How many of them may ask for two things at once.
    pub joint: usize,
    /// How many bands of a rule may have points of their own.
    pub bands: usize,
    /// Whether each rule is a single yes-or-no condition.
    pub simple: bool,
    /// The most points that a band gives or takes.
    pub max_points: i32,
    /// Columns that may only go one way, by what they hold.
    pub directions: BTreeMap<Feature, Direction>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { rules: 10, joint: 3, bands: 5, simple: false, max_points: 10, directions: BTreeMap::new() }
    }
}

/// Why no scorecard is suggested.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SuggestError {
    /// Too few leads with the outcome, or without it.
    #[error(
        "{positives} of {leads} leads have the outcome: a scorecard needs at least {FEWEST} with it and {FEWEST} without it"
    )]
    TooFew {
        /// How many have it.
        positives: usize,
        /// How many leads there are.
        leads: usize,
    },
}

/// The fewest leads with and without the outcome that anything is learned from.
const FEWEST: usize = 10;

/// Checks that there are leads enough: to look at the same ones again and again tells no more.
fn check_leads(dataset: &Dataset) -> Result<(), SuggestError> {
    let [with, without] = [true, false].map(|came| dataset.leads_with(|example| example.outcome == came));
    if with.min(without) < FEWEST {
        return Err(SuggestError::TooFew { positives: with, leads: dataset.leads_with(|_| true) });
    }
    Ok(())
}
