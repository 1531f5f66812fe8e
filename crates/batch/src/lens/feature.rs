//! Classes: which values of a field (or rows, where a condition needs several) the rules can tell apart.

use std::sync::Arc;

use arrow_array::Array;
use arrow_buffer::NullBuffer;
use kelvin_kernel::{Value, sighting::Captured};
use rustc_hash::FxHashMap;

use super::{
    UNKNOWN,
    plan::{Feature, Of},
    row::RowValues,
};
use crate::{
    models::Models,
    read::{Column, Dictionary, EventChunk},
};

/// All that the conditions and captures of a feature make of a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Class {
    /// Which conditions are met.
    pub(super) met: Box<[bool]>,
    /// What the captures read.
    pub(super) captured: Box<[Captured]>,
}

/// Classes beyond this many are not numbered.
const MOST_CLASSES: usize = 1 << 16;
/// The number of numbers whose class is remembered; a power of two.
const REMEMBERED: usize = 1 << 12;

/// The classes seen so far of one feature.
#[derive(Debug)]
pub(super) struct FeatureState {
    classes: Vec<Class>,
    numbers: FxHashMap<Class, u32>,
    /// The class of rows that do not have the field, or [`UNKNOWN`].
    absent: u32,
    /// The values of the current dictionary, and their classes as far as they are known.
    dictionary: Option<Arc<[Value]>>,
    of_keys: Vec<u32>,
    /// Numbers (as bits) with their classes, each in the place that it hashes to.
    remembered: Vec<(u64, u32)>,
    /// Whether they are the bits of doubles.
    are_doubles: bool,
}

/// A chunk's column in the form in which the classes of its values are remembered.
#[derive(Debug)]
pub(super) enum Seen<'c> {
    Absent,
    Keys(&'c [u32]),
    Ints(&'c [i64], Option<&'c NullBuffer>),
    Doubles(&'c [f64], Option<&'c NullBuffer>),
    /// No class is remembered.
    Other,
}

impl Default for FeatureState {
    fn default() -> Self {
        Self {
            classes: Vec::new(),
            numbers: FxHashMap::default(),
            absent: UNKNOWN,
            dictionary: None,
            of_keys: Vec::new(),
            remembered: Vec::new(),
            are_doubles: false,
        }
    }
}

impl FeatureState {
    /// Prepares for a chunk.
    pub(super) fn begin<'c>(&mut self, feature: &Feature, chunk: &'c EventChunk) -> Seen<'c> {
        match feature.column(chunk) {
            Some(Column::Dictionary(Dictionary { values, keys })) => {
                if !self.dictionary.as_ref().is_some_and(|known| Arc::ptr_eq(known, values)) {
                    self.dictionary = Some(values.clone());
                    self.of_keys.clear();
                    self.of_keys.resize(values.len(), UNKNOWN);
                }
                Seen::Keys(keys)
            }
            Some(Column::Ints(ints)) => {
                self.expect_numbers(false);
                Seen::Ints(ints.values(), ints.nulls())
            }
            Some(Column::Doubles(doubles)) => {
                self.expect_numbers(true);
                Seen::Doubles(doubles.values(), doubles.nulls())
            }
            Some(Column::Absent) => Seen::Absent,
            None if matches!(feature.of, Of::Field(..)) => Seen::Absent,
            _ => Seen::Other,
        }
    }

    /// One field may come as whole numbers in one chunk and as others in the next: the bits then differ.
    fn expect_numbers(&mut self, are_doubles: bool) {
        if self.remembered.is_empty() || self.are_doubles != are_doubles {
            self.are_doubles = are_doubles;
            self.remembered.clear();
            self.remembered.resize(REMEMBERED, (0, UNKNOWN));
        }
    }

    /// A class by its number.
    pub(super) fn known(&self, class: u32) -> &Class {
        &self.classes[class as usize]
    }

    /// The class of rows that do not have the field, or [`UNKNOWN`].
    pub(super) fn of_absent(&self) -> u32 {
        self.absent
    }

    /// The class of a key of the current dictionary, or [`UNKNOWN`].
    #[inline]
    pub(super) fn of_key(&self, key: u32) -> u32 {
        self.of_keys.get(key as usize).copied().unwrap_or(self.absent)
    }

    /// The class of a number, given as bits, or [`UNKNOWN`].
    #[inline]
    pub(super) fn of_number(&self, bits: u64) -> u32 {
        match self.remembered.get(place(bits)) {
            Some((known, class)) if *known == bits => *class,
            _ => UNKNOWN,
        }
    }

    /// Finds the class of a row and remembers it; `None` when there are too many.
    pub(super) fn learn(
        &mut self,
        models: &Models<'_>,
        feature: &Feature,
        values: &mut RowValues,
        (chunk, row): (&EventChunk, usize),
    ) -> Option<u32> {
        let Of::Field(root, slot) = feature.of else {
            values.read(chunk, row);
            return self.evaluate(models, feature, values);
        };
        let column = feature.column(chunk).unwrap_or(&Column::Absent);
        let value = column.value(row);
        if value.is_none() && self.absent != UNKNOWN {
            return Some(self.absent);
        }
        values.set(root, slot, value.as_ref());
        let class = self.evaluate(models, feature, values)?;
        let bits = match (column, value) {
            (_, None) => {
                self.absent = class;
                return Some(class);
            }
            (Column::Dictionary(dictionary), _) => {
                self.of_keys[dictionary.keys[row] as usize] = class;
                return Some(class);
            }
            (Column::Ints(ints), _) => ints.value(row) as u64,
            (Column::Doubles(doubles), _) => doubles.value(row).to_bits(),
            _ => return Some(class),
        };
        self.remembered[place(bits)] = (bits, class);
        Some(class)
    }

    fn evaluate(&mut self, models: &Models<'_>, feature: &Feature, values: &RowValues) -> Option<u32> {
        let met = feature.matchers.iter().map(|(set, matcher)| {
            let set = &models.sets()[*set];
            let matcher = &models.rules(set).set.matchers[usize::from(matcher.0)];
            matcher.condition.as_ref().is_none_or(|condition| condition.holds(&values.env(set.model)))
        });
        let captured = feature.captures.iter().map(|(set, capture)| {
            let set = &models.sets()[*set];
            Captured::read(models.rules(set), *capture, &values.env(set.model))
        });
        let class = Class { met: met.collect(), captured: captured.collect() };
        if let Some(number) = self.numbers.get(&class) {
            return Some(*number);
        }
        if self.classes.len() >= MOST_CLASSES {
            return None;
        }
        let number = self.classes.len() as u32;
        self.classes.push(class.clone());
        self.numbers.insert(class, number);
        Some(number)
    }
}

/// The place where a number is remembered.
#[inline]
fn place(bits: u64) -> usize {
    // The bits of whole doubles end in zeros: fold the upper half in.
    (bits ^ bits >> 32 ^ bits >> 48) as usize % REMEMBERED
}
