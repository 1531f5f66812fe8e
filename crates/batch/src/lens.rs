//! What the rules of all models see of each row, found column by column before it is known whose event it is.
//!
//! A row's *look* holds a sighting for every set of rules. Few looks differ, so they are numbered: a row carries a
//! small number. The number is found by walking from the event's name along the *classes* of the fields that
//! matter for it; values of a field are of one class when no condition on that field alone tells them apart.

mod feature;
mod look;
mod plan;
mod row;

use kelvin_kernel::{Instant, sighting::Sighting};
use rustc_hash::FxHashMap;

pub(crate) use look::{Look, put_look, put_sighting, take_look, take_sighting};
pub(crate) use plan::LensPlan;

use crate::{models::Models, read::EventChunk};
use feature::FeatureState;
use row::RowValues;

/// The look of rows that matter to no rule: they only tell that their lead exists.
pub(crate) const NOTHING: u32 = 0;
/// The look of rows whose own bytes say what is seen of them: the table of looks is full.
pub(crate) const INLINE: u32 = u32::MAX;

/// Numbers beyond this are not given; rows are then described one by one.
const MOST_LOOKS: usize = 1 << 16;
const UNKNOWN: u32 = u32::MAX - 1;

/// Looks at the chunks that one worker reads.
#[derive(Debug)]
pub(crate) struct Lens<'a> {
    models: &'a Models<'a>,
    plan: &'a LensPlan,
    features: Vec<FeatureState>,
    values: RowValues,
    states: Vec<State>,
    /// From a state and one of its higher classes to the next state.
    rare_steps: FxHashMap<(u32, u32), u32>,
    looks: Vec<Look>,
    numbers: FxHashMap<Look, u32>,
    most: usize,
}

/// A name and the classes of some of its features.
#[derive(Debug, Clone)]
struct State {
    before: u32,
    class: u32,
    /// The look, once all features are known.
    look: u32,
    /// The next state for each of the lower classes, as far as they have occurred.
    steps: Vec<u32>,
}

/// Classes from this one on are rare: most fields have few.
const RARE_CLASS: u32 = 256;

impl<'a> Lens<'a> {
    pub(crate) fn new(models: &'a Models<'a>, plan: &'a LensPlan) -> Self {
        let root = State { before: 0, class: 0, look: UNKNOWN, steps: Vec::new() };
        Self {
            models,
            plan,
            features: plan.features.iter().map(|_| FeatureState::default()).collect(),
            values: RowValues::new(models),
            states: vec![root; plan.names.len()],
            rare_steps: FxHashMap::default(),
            looks: vec![Look::default()],
            numbers: FxHashMap::default(),
            most: MOST_LOOKS,
        }
    }

    /// The number of each row's look. Rows after `at` have the look [`NOTHING`].
    pub(crate) fn looks(&mut self, chunk: &EventChunk, at: Instant, out: &mut Vec<u32>) {
        out.clear();
        out.reserve(chunk.len());
        for (state, feature) in self.features.iter_mut().zip(&self.plan.features) {
            state.begin(feature.column(chunk));
        }
        for (row, time) in chunk.times.iter().enumerate() {
            let look = if *time > at.as_millis() { NOTHING } else { self.look(chunk, row) };
            out.push(look);
        }
    }

    /// All looks that were numbered, by number.
    pub(crate) fn into_looks(self) -> Vec<Look> {
        self.looks
    }

    /// What a row looks like, without numbering it.
    pub(crate) fn describe(&mut self, chunk: &EventChunk, row: usize) -> Look {
        self.values.read(chunk, row);
        let sets = self.models.sets().iter();
        let sighting = |set: &crate::models::Set| {
            let name = self.models.name(set.model, chunk.names[row]);
            if set.deferred {
                return Sighting::unmatched(name);
            }
            let env = self.values.env(set.model);
            Sighting::of(self.models.rules(set), name, &env)
        };
        Look(sets.map(sighting).collect())
    }

    fn look(&mut self, chunk: &EventChunk, row: usize) -> u32 {
        let name = self.plan.name(chunk.names[row]);
        let mut state = name as u32;
        for feature in &self.plan.names[name].features {
            let class = self.features[*feature].class(
                self.models,
                &self.plan.features[*feature],
                &mut self.values,
                (chunk, row),
            );
            let Some(next) = class.and_then(|class| self.step(state, class)) else {
                return INLINE;
            };
            state = next;
        }
        match self.states[state as usize].look {
            UNKNOWN => self.number(name, state),
            look => look,
        }
    }

    fn step(&mut self, state: u32, class: u32) -> Option<u32> {
        let known = match class {
            ..RARE_CLASS => self.states[state as usize].steps.get(class as usize).copied(),
            _ => self.rare_steps.get(&(state, class)).copied(),
        };
        match known {
            None | Some(UNKNOWN) => self.new_step(state, class),
            known => known,
        }
    }

    #[cold]
    fn new_step(&mut self, state: u32, class: u32) -> Option<u32> {
        if self.states.len() >= self.most * 4 {
            return None;
        }
        let next = self.states.len() as u32;
        self.states.push(State { before: state, class, look: UNKNOWN, steps: Vec::new() });
        if class < RARE_CLASS {
            let steps = &mut self.states[state as usize].steps;
            steps.resize(steps.len().max(class as usize + 1), UNKNOWN);
            steps[class as usize] = next;
        } else {
            self.rare_steps.insert((state, class), next);
        }
        Some(next)
    }

    /// Finds the look of a state in which all features are known.
    fn number(&mut self, name: usize, state: u32) -> u32 {
        let plan = &self.plan.names[name];
        let mut classes = vec![0; plan.features.len()];
        let mut walk = state;
        for class in classes.iter_mut().rev() {
            let State { before, class: found, .. } = &self.states[walk as usize];
            *class = *found;
            walk = *before;
        }
        let class_of = |place: usize| self.features[plan.features[place]].known(classes[place]);
        let look = plan.compose(self.models, class_of);
        let number = if !look.matters(self.models) {
            NOTHING
        } else if let Some(known) = self.numbers.get(&look) {
            *known
        } else if self.looks.len() >= self.most {
            return INLINE;
        } else {
            self.looks.push(look.clone());
            self.numbers.insert(look, (self.looks.len() - 1) as u32);
            (self.looks.len() - 1) as u32
        };
        self.states[state as usize].look = number;
        number
    }
}
