//! Equality and order of values, as CEL has them.

use std::cmp::Ordering;

use super::{Map, Value};

/// The two values have no order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Incomparable;

/// CEL's equality: numbers of all three types compare by their exact value, values of other different types are
/// not equal, and `NaN` equals nothing.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::String(a), Self::String(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Double(a), Self::Double(b)) => a == b,
            (Self::Uint(a), Self::Uint(b)) => a == b,
            (Self::Null, Self::Null) => true,
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::List(a), Self::List(b)) => a == b,
            (Self::Map(a), Self::Map(b)) => a == b,
            (Self::Timestamp(a), Self::Timestamp(b)) => a == b,
            (Self::Duration(a), Self::Duration(b)) => a == b,
            (Self::Type(a), Self::Type(b)) => a == b,
            (Self::Optional(a), Self::Optional(b)) => a == b,
            (a, b) => match (a.whole(), b.whole()) {
                (Some(a), Some(b)) => a == b,
                _ => false,
            },
        }
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.entries() == other.entries()
    }
}

impl Value {
    /// CEL's order, for `<` and its kin: `Ok(None)` where a number is `NaN`.
    ///
    /// A whole number is ordered against a double as the nearest double, as the conformance files have it;
    /// equality is exact.
    pub fn order(&self, other: &Self) -> Result<Option<Ordering>, Incomparable> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Ok(Some(a.cmp(b))),
            (Self::Double(a), Self::Double(b)) => Ok(a.partial_cmp(b)),
            (Self::String(a), Self::String(b)) => Ok(Some(a.as_bytes().cmp(b.as_bytes()))),
            (Self::Timestamp(a), Self::Timestamp(b)) => Ok(Some(a.cmp(b))),
            (Self::Duration(a), Self::Duration(b)) => Ok(Some(a.cmp(b))),
            (Self::Bool(a), Self::Bool(b)) => Ok(Some(a.cmp(b))),
            (Self::Bytes(a), Self::Bytes(b)) => Ok(Some(a.cmp(b))),
            (Self::Double(_), _) | (_, Self::Double(_)) => match (self.as_f64(), other.as_f64()) {
                (Some(a), Some(b)) => Ok(a.partial_cmp(&b)),
                _ => Err(Incomparable),
            },
            _ => match (self.whole(), other.whole()) {
                (Some(a), Some(b)) => Ok(Some(a.cmp(&b))),
                _ => Err(Incomparable),
            },
        }
    }

    /// The exact whole number that the value is, if it is one within the range of `int` and `uint`.
    pub(crate) fn whole(&self) -> Option<i128> {
        match self {
            Self::Int(number) => Some(i128::from(*number)),
            Self::Uint(number) => Some(i128::from(*number)),
            Self::Double(number) => whole(*number),
            _ => None,
        }
    }
}

/// The whole number that a double is, if it is one within the range of `int` and `uint`.
pub(super) fn whole(number: f64) -> Option<i128> {
    const LEAST: f64 = i64::MIN as f64;
    const BEYOND: f64 = 18_446_744_073_709_551_616.0;
    (number.trunc() == number && (LEAST..BEYOND).contains(&number)).then_some(number as i128)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Span, Timestamp};

    #[test]
    fn numbers_are_equal_by_value_and_other_types_are_not() {
        let check = |a: Value, b: Value, expect: bool| {
            assert_eq!(a == b, expect, "{a:?} {b:?}");
            assert_eq!(b == a, expect, "{b:?} {a:?}");
        };
        check(Value::Int(1), Value::Uint(1), true);
        check(Value::Int(1), Value::Double(1.0), true);
        check(Value::Int(-1), Value::Uint(u64::MAX), false);
        check(Value::Int(0), Value::Double(-0.0), true);
        check(Value::Double(f64::NAN), Value::Double(f64::NAN), false);
        check(Value::Int(i64::MAX), Value::Double(9_223_372_036_854_775_808.0), false);
        check(Value::Int(i64::MIN), Value::Double(-9_223_372_036_854_775_808.0), true);
        check(Value::Uint(u64::MAX), Value::Double(18_446_744_073_709_551_616.0), false);
        check(Value::Int(1), Value::from("1"), false);
        check(Value::Int(1), Value::Bool(true), false);
        check(Value::list([Value::Int(1)]), Value::list([Value::Double(1.0)]), true);
        check(Value::map([("a", Value::Int(1))]), Value::map([("a", Value::Uint(1))]), true);
        check(Value::map([("a", Value::Int(1))]), Value::map([("b", Value::Int(1))]), false);
        check(Value::Null, Value::Optional(None), false);
    }

    #[test]
    fn order_is_by_value_and_only_within_kin() {
        let check = |a: Value, b: Value, expect| assert_eq!(a.order(&b), expect, "{a:?} {b:?}");
        check(Value::Int(-1), Value::Uint(u64::MAX), Ok(Some(Ordering::Less)));
        check(Value::Uint(2), Value::Double(1.5), Ok(Some(Ordering::Greater)));
        check(Value::Int(i64::MAX), Value::Double(9_223_372_036_854_775_808.0), Ok(Some(Ordering::Equal)));
        check(Value::Double(f64::NAN), Value::Int(1), Ok(None));
        check(Value::from("a"), Value::from("b"), Ok(Some(Ordering::Less)));
        check(Value::Bool(false), Value::Bool(true), Ok(Some(Ordering::Less)));
        check(Value::from("1"), Value::Int(1), Err(Incomparable));
        check(Value::Double(1.0), Value::from("1"), Err(Incomparable));
        check(Value::Null, Value::Null, Err(Incomparable));
        check(Value::list([]), Value::list([]), Err(Incomparable));
        let at = |seconds| Timestamp::new(seconds, 0).map(Value::Timestamp).unwrap_or_default();
        check(at(1), at(2), Ok(Some(Ordering::Less)));
        let span = |seconds| Span::new(seconds, 0).map(Value::Duration).unwrap_or_default();
        check(span(1), span(-2), Ok(Some(Ordering::Greater)));
        check(span(1), at(1), Err(Incomparable));
    }
}
