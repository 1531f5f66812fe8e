//! What the rules of all models see of each row, found column by column before it is known whose event it is.
//!
//! A row's *look* holds a sighting for every set of rules. Few looks differ, so they are numbered: a row carries a
//! small number. The number is found by walking from the event's name along the *classes* of the fields that
//! matter for it; values of a field are of one class when no condition on that field alone tells them apart.

mod feature;
mod look;
mod plan;
mod row;

use kelvin_kernel::{Instant, plan::NameId, sighting::Sighting};
use rustc_hash::FxHashMap;

pub(crate) use look::{Glance, Look, put_look, put_sighting, take_look, take_sighting};
pub(crate) use plan::LensPlan;

use crate::{groups::Groups, models::Models, read::EventChunk};
use feature::{FeatureState, Seen};
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
    rows: Groups,
    /// The states of the rows of one name.
    of_rows: Vec<u32>,
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
            rows: Groups::default(),
            of_rows: Vec::new(),
        }
    }

    /// The number of each row's look. Rows after `at` have the look [`NOTHING`].
    // Its loops run short of registers where it becomes part of its caller.
    #[inline(never)]
    pub(crate) fn looks(&mut self, chunk: &EventChunk, at: Instant, out: &mut Vec<u32>) {
        out.clear();
        out.resize(chunk.len(), NOTHING);
        let features = self.features.iter_mut().zip(&self.plan.features);
        let seen: Vec<Seen<'_>> = features.map(|(state, feature)| state.begin(feature, chunk)).collect();
        let (names, at) = (self.plan.names.len(), at.as_millis());
        // The last stands for all other names; what comes after `at` is beyond it.
        let group = |(name, time): (&NameId, &i64)| match u32::from(name.0).min(names as u32 - 1) {
            name if *time <= at => name,
            _ => names as u32,
        };
        let mut rows = std::mem::take(&mut self.rows);
        rows.fill(names + 1, chunk.names.iter().zip(&chunk.times).map(group));
        for name in 0..names {
            self.looks_of(name, (chunk, rows.of(name)), &seen, out);
        }
        self.rows = rows;
    }

    /// Finds the looks of the rows of a name, feature by feature.
    fn looks_of(&mut self, name: usize, of: (&EventChunk, &[u32]), seen: &[Seen<'_>], out: &mut [u32]) {
        let mut states = std::mem::take(&mut self.of_rows);
        states.clear();
        states.resize(of.1.len(), name as u32);
        for feature in self.plan.names[name].features.iter().copied() {
            match seen[feature] {
                Seen::Absent => self.walk(feature, of, &mut states, |known, _| known.of_absent()),
                Seen::Keys(keys) => self.walk(feature, of, &mut states, |known, row| known.of_key(keys[row])),
                Seen::Ints(ints, nulls) => self.walk(feature, of, &mut states, |known, row| match nulls {
                    Some(nulls) if nulls.is_null(row) => known.of_absent(),
                    _ => known.of_number(ints[row] as u64),
                }),
                Seen::Doubles(doubles, nulls) => {
                    self.walk(feature, of, &mut states, |known, row| match nulls {
                        Some(nulls) if nulls.is_null(row) => known.of_absent(),
                        _ => known.of_number(doubles[row].to_bits()),
                    });
                }
                Seen::Other => self.walk(feature, of, &mut states, |_, _| UNKNOWN),
            }
        }
        if !self.read_looks(of.1, &states, out) {
            states.iter().for_each(|state| self.know_look(name, *state));
            self.read_looks(of.1, &states, out);
        }
        self.of_rows = states;
    }

    /// Takes each row's state a step further, by the class of a feature. `class` tells it as far as it is remembered.
    #[inline]
    fn walk(
        &mut self,
        feature: usize,
        (chunk, rows): (&EventChunk, &[u32]),
        states: &mut [u32],
        class: impl Fn(&FeatureState, usize) -> u32,
    ) {
        let mut walked = 0;
        while walked < rows.len() {
            walked += self.walk_known(feature, &rows[walked..], &mut states[walked..], &class);
            if let (Some(row), Some(state)) = (rows.get(walked), states.get_mut(walked)) {
                let class = match class(&self.features[feature], *row as usize) {
                    UNKNOWN => self.learn(feature, chunk, *row as usize),
                    class => class,
                };
                *state = self.rare_step(*state, class);
                walked += 1;
            }
        }
    }

    /// Does so up to the first row that is the first of its kind, or of a rare one; how many rows those are.
    #[inline]
    fn walk_known(
        &self,
        feature: usize,
        rows: &[u32],
        states: &mut [u32],
        class: impl Fn(&FeatureState, usize) -> u32,
    ) -> usize {
        let known = &self.features[feature];
        for (walked, (row, state)) in rows.iter().zip(states).enumerate() {
            let class = class(known, *row as usize);
            let next = self.states.get(*state as usize).and_then(|state| state.steps.get(class as usize));
            match next {
                None | Some(&UNKNOWN) => return walked,
                Some(next) => *state = *next,
            }
        }
        rows.len()
    }

    /// Reads the look of each row's state; whether all are known.
    #[inline]
    fn read_looks(&self, rows: &[u32], states: &[u32], out: &mut [u32]) -> bool {
        let mut all_known = true;
        for (row, state) in rows.iter().zip(states) {
            let look = self.states.get(*state as usize).map_or(INLINE, |state| state.look);
            all_known &= look != UNKNOWN;
            out[*row as usize] = look;
        }
        all_known
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

    /// The class of a row that is not remembered; [`UNKNOWN`] when there are too many.
    #[cold]
    fn learn(&mut self, feature: usize, chunk: &EventChunk, row: usize) -> u32 {
        let looked_at = &self.plan.features[feature];
        let class = self.features[feature].learn(self.models, looked_at, &mut self.values, (chunk, row));
        class.unwrap_or(UNKNOWN)
    }

    /// The next state where it may not be among the steps; [`INLINE`] when there are too many.
    #[cold]
    fn rare_step(&mut self, state: u32, class: u32) -> u32 {
        if state == INLINE || class == UNKNOWN {
            return INLINE;
        }
        let known = match class {
            ..RARE_CLASS => self.states[state as usize].steps.get(class as usize),
            _ => self.rare_steps.get(&(state, class)),
        };
        match known {
            None | Some(&UNKNOWN) => self.new_state(state, class),
            Some(next) => *next,
        }
    }

    fn new_state(&mut self, state: u32, class: u32) -> u32 {
        if self.states.len() >= self.most * 4 {
            return INLINE;
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
        next
    }

    /// Finds the look of a state in which all features are known, unless it is known.
    fn know_look(&mut self, name: usize, state: u32) {
        if self.states.get(state as usize).is_some_and(|state| state.look == UNKNOWN) {
            self.states[state as usize].look = self.number(name, state);
        }
    }

    /// The number of the look of a state in which all features are known.
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
        if !look.matters(self.models) {
            NOTHING
        } else if let Some(known) = self.numbers.get(&look) {
            *known
        } else if self.looks.len() >= self.most {
            INLINE
        } else {
            self.looks.push(look.clone());
            self.numbers.insert(look, (self.looks.len() - 1) as u32);
            (self.looks.len() - 1) as u32
        }
    }
}
