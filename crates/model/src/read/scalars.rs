//! Numbers, durations and literals from scalars.

use kelvin_kernel::{Duration, instant::DurationError};

use crate::{
    syntax::{Literal, Node},
    tree::Constant,
};

/// The most events, leads or awards that a rule can count.
const MOST_COUNTED: f64 = 1e6;

/// The number that a literal is; also an infinite one.
pub(crate) fn number(literal: &Literal) -> Option<f64> {
    match literal {
        Literal::Int(number) => Some(*number as f64),
        Literal::Float(number) => Some(*number),
        _ => None,
    }
}

/// The whole number that a literal is, if it can be counted to.
pub(crate) fn whole(literal: &Literal) -> Option<u32> {
    let number = number(literal)?;
    (number.fract() == 0.0 && (0.0..=MOST_COUNTED).contains(&number)).then_some(number as u32)
}

/// A duration; `Err(None)` where it is of no length and `zero` does not allow that.
pub(crate) fn duration(text: &str, zero: bool) -> Result<Duration, Option<DurationError>> {
    let duration: Duration = text.parse().map_err(Some)?;
    if duration.as_millis() == 0 && !zero { Err(None) } else { Ok(duration) }
}

/// The two ends of a range.
pub(crate) fn range(node: &Node) -> Option<(f64, f64)> {
    let [min, max] = node.items()? else { return None };
    let end = |node: &Node| number(&node.scalar()?.literal()).filter(|end| end.is_finite());
    Some((end(min)?, end(max)?))
}

/// The constant that a literal is; nothing is none.
pub(crate) fn literal(literal: &Literal) -> Option<Constant> {
    match literal {
        Literal::Null => None,
        Literal::Bool(value) => Some(Constant::Bool(*value)),
        Literal::Int(value) => Some(Constant::Int(*value)),
        Literal::Float(value) => value.is_finite().then_some(Constant::Float(*value)),
        Literal::Text(text) => Some(Constant::Text(text.clone())),
    }
}
