//! What became of leads, as somebody told it.

use kelvin_kernel::Instant;

/// What became of a lead, as somebody told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The id that it was told under. Of two with one id, the later takes the place of the earlier.
    pub id: String,
    /// The id that it names as its lead: which lead that is now follows from what is known of ids.
    pub lead: String,
    /// What became of it: `opportunity`, `won`, `lost`, or a kind of the team's.
    pub kind: String,
    /// When.
    pub time: Instant,
    /// What it is worth, in millionths of its currency.
    pub value_millionths: Option<i64>,
    /// In which currency.
    pub currency: Option<String>,
    /// Why it came to this.
    pub reason: Option<String>,
    /// The deal that it is about, as others call it.
    pub deal: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
}

/// An outcome in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedOutcome {
    /// Its place: 1 is the first that was told. A later one with its id has the same place.
    pub seq: u64,
    /// It.
    pub outcome: Outcome,
}

/// Which outcomes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutcomeFilter {
    /// Those of a kind.
    pub kind: Option<String>,
    /// Those from an instant on.
    pub from: Option<Instant>,
    /// Those before an instant.
    pub to: Option<Instant>,
}

impl OutcomeFilter {
    /// Whether an outcome of a kind at a time is among them.
    pub fn takes(&self, kind: &str, time: Instant) -> bool {
        self.kind.as_deref().is_none_or(|wanted| wanted == kind)
            && self.from.is_none_or(|from| time >= from)
            && self.to.is_none_or(|to| time < to)
    }

    /// The milliseconds from and before which outcomes are taken.
    pub(crate) fn millis(&self) -> (i64, i64) {
        let millis = |at: Option<Instant>, otherwise| at.map_or(otherwise, Instant::as_millis);
        (millis(self.from, i64::MIN), millis(self.to, i64::MAX))
    }
}
