//! Classes: which values of a field (or rows, where a condition needs several) the rules can tell apart.

use std::sync::Arc;

use arrow_array::Array;
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
#[derive(Debug, Default)]
pub(super) struct FeatureState {
    classes: Vec<Class>,
    numbers: FxHashMap<Class, u32>,
    absent: Option<u32>,
    /// The classes of the current dictionary's values.
    dictionary: Option<(Arc<[Value]>, Vec<u32>)>,
    /// Numbers (as bits) with their classes, each in the place that it hashes to.
    remembered: Vec<(u64, u32)>,
}

impl FeatureState {
    /// Prepares for a chunk.
    pub(super) fn begin(&mut self, column: Option<&Column>) {
        match column {
            Some(Column::Dictionary(Dictionary { values, .. })) if !self.knows(values) => {
                self.dictionary = Some((values.clone(), vec![UNKNOWN; values.len()]));
            }
            Some(Column::Ints(_) | Column::Doubles(_)) => {
                // One field may come as whole numbers in one chunk and as others in the next: the bits then differ.
                self.remembered.clear();
                self.remembered.resize(REMEMBERED, (0, UNKNOWN));
            }
            _ => {}
        }
    }

    fn knows(&self, values: &Arc<[Value]>) -> bool {
        self.dictionary.as_ref().is_some_and(|(known, _)| Arc::ptr_eq(known, values))
    }

    /// A class by its number.
    pub(super) fn known(&self, class: u32) -> &Class {
        &self.classes[class as usize]
    }

    /// The class of a row, or `None` when there are too many.
    #[inline]
    pub(super) fn class(
        &mut self,
        models: &Models<'_>,
        feature: &Feature,
        values: &mut RowValues,
        (chunk, row): (&EventChunk, usize),
    ) -> Option<u32> {
        match feature.column(chunk) {
            Some(Column::Dictionary(dictionary)) => {
                let key = dictionary.keys[row] as usize;
                let Some((_, classes)) = &self.dictionary else { return None };
                match classes.get(key) {
                    None => self.class_of_absent(models, feature, values),
                    Some(&UNKNOWN) => {
                        let class = self.class_of(models, feature, values, dictionary.value(row))?;
                        if let Some((_, classes)) = &mut self.dictionary {
                            classes[key] = class;
                        }
                        Some(class)
                    }
                    Some(class) => Some(*class),
                }
            }
            Some(Column::Ints(ints)) if ints.is_valid(row) => {
                let int = ints.value(row);
                self.class_of_number(models, feature, values, (int as u64, Value::Int(int)))
            }
            Some(Column::Doubles(doubles)) if doubles.is_valid(row) => {
                let double = doubles.value(row);
                self.class_of_number(models, feature, values, (double.to_bits(), Value::Double(double)))
            }
            Some(column) => match column.value(row) {
                None => self.class_of_absent(models, feature, values),
                value => self.class_of(models, feature, values, value.as_ref()),
            },
            None if matches!(feature.of, Of::Field(..)) => self.class_of_absent(models, feature, values),
            None => {
                values.read(chunk, row);
                self.evaluate(models, feature, values)
            }
        }
    }

    fn class_of_number(
        &mut self,
        models: &Models<'_>,
        feature: &Feature,
        values: &mut RowValues,
        (bits, value): (u64, Value),
    ) -> Option<u32> {
        // The bits of whole doubles end in zeros: fold the upper half in.
        let place = (bits ^ bits >> 32 ^ bits >> 48) as usize % REMEMBERED;
        if let Some((known, class)) = self.remembered.get(place)
            && *known == bits
            && *class != UNKNOWN
        {
            return Some(*class);
        }
        let class = self.class_of(models, feature, values, Some(&value))?;
        if let Some(remembered) = self.remembered.get_mut(place) {
            *remembered = (bits, class);
        }
        Some(class)
    }

    fn class_of_absent(
        &mut self,
        models: &Models<'_>,
        feature: &Feature,
        values: &mut RowValues,
    ) -> Option<u32> {
        if self.absent.is_none() {
            self.absent = self.class_of(models, feature, values, None);
        }
        self.absent
    }

    fn class_of(
        &mut self,
        models: &Models<'_>,
        feature: &Feature,
        values: &mut RowValues,
        value: Option<&Value>,
    ) -> Option<u32> {
        if let Of::Field(root, slot) = feature.of {
            values.set(root, slot, value);
        }
        self.evaluate(models, feature, values)
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
