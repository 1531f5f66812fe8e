//! Which touchpoints of a journey get the credit for what it ended in: rules, Markov chains, Shapley values.
//!
//! A [`Journey`] is the channels that a lead came by, in the order of time, and what came of it. An [`Attribution`] takes
//! journeys one at a time and keeps no more of them than its methods need: sums, the chain's transitions, distinct sets.

mod chain;
mod journey;
mod lift;
mod method;
mod origin;
mod paths;
mod rule;
mod sets;
mod shapley;
mod solve;
mod tally;
mod trail;

pub use chain::{Chain, Effects, Repeats};
pub use journey::{Channel, Credit, Journey};
pub use lift::{Counted, Lift, Lifts};
pub use method::Method;
pub use origin::Origin;
pub use paths::{Path, Paths, Spread};
pub use rule::Rule;
pub use sets::Sets;
pub use shapley::{MOST_EXACT, Share, Shares};
pub use tally::{Attributed, Attribution, Settings};
pub use trail::{Moment, What, each_journey};
