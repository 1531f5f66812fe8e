//! How much work one evaluation may do: nothing in a model can loop without bound.

use std::cell::Cell;

use super::EvalError;
use crate::value::Value;

/// What is left of an evaluation's allowance. A step is about one operation; the operations of an expression as
/// written are free, what is charged is what grows with the data: rounds of macros, long texts, lists made.
#[derive(Debug)]
pub(super) struct Budget {
    left: Cell<u64>,
}

impl Budget {
    /// The steps of one evaluation.
    pub(super) const STEPS: u64 = 1_000_000;

    /// A full allowance.
    pub(super) fn new() -> Self {
        Self { left: Cell::new(Self::STEPS) }
    }

    /// Takes steps; an error when they are used up, also for all that follows.
    pub(super) fn charge(&self, steps: u64) -> Result<(), EvalError> {
        match self.left.get().checked_sub(steps) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => {
                self.left.set(0);
                Err(EvalError)
            }
        }
    }

    /// Charges for making a text or bytes.
    pub(super) fn charge_made(&self, bytes: usize) -> Result<(), EvalError> {
        self.charge(1 + bytes as u64 / 16)
    }

    /// Charges for looking through a text or bytes.
    pub(super) fn charge_read(&self, bytes: usize) -> Result<(), EvalError> {
        self.charge(bytes as u64 / 1024)
    }

    /// Charges for the whole of a value, all that is nested in it counted each time it occurs.
    pub(super) fn charge_value(&self, value: &Value) -> Result<(), EvalError> {
        match value {
            Value::List(items) => {
                self.charge(1 + items.len() as u64)?;
                items.iter().filter(|item| is_nested(item)).try_for_each(|item| self.charge_value(item))
            }
            Value::Map(map) => {
                self.charge(1 + map.len() as u64)?;
                let values = map.entries().iter().map(|(_, value)| value);
                values.filter(|value| is_nested(value)).try_for_each(|value| self.charge_value(value))
            }
            Value::Optional(Some(value)) => {
                self.charge(1)?;
                self.charge_value(value)
            }
            _ => Ok(()),
        }
    }
}

fn is_nested(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Map(_) | Value::Optional(Some(_)))
}
