//! Exact points: what a rule is worth, in millionths.

/// Millionths of a point. All arithmetic after a rule's rounding is exact in this unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Micropoints(pub i64);
