//! Events of one lead as bytes, until all are there: a tenth of the memory that a [`State`] of them takes.

use super::{
    State,
    codec::{read_event, write_event},
    project,
};
use crate::{history::Event, program::Program};

/// Events of one lead that are not folded yet, in any order.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    bytes: Vec<u8>,
    /// The time of the last event, in milliseconds: times are kept as differences.
    last: i64,
}

impl Gathered {
    /// Adds an event, less what no rule of the plan can see.
    pub fn push(&mut self, program: &Program, mut event: Event) {
        // One that nothing sees stays with its id: another of that id must not count.
        project(program, &mut event);
        write_event(&mut self.bytes, &event, self.last);
        self.last = event.time.as_millis();
    }

    /// The state that the events end in; the program is the one with which they were gathered.
    pub fn fold(&self, program: &Program) -> State {
        let (mut state, mut last) = (State::default(), 0);
        let input = &mut self.bytes.as_slice();
        // Nobody but `push` writes the bytes: they end where reading fails.
        while let Ok(event) = read_event(input, program, last) {
            last = event.time.as_millis();
            state.apply(program, event);
        }
        state
    }
}
