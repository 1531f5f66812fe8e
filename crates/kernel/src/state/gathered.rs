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
        self.make_room();
        write_event(&mut self.bytes, &event, self.last);
        self.last = event.time.as_millis();
    }

    /// The state that the events of all parts end in; the program is the one with which they were gathered.
    pub fn fold<'p>(parts: impl IntoIterator<Item = &'p Self>, program: &Program) -> State {
        let mut state = State::default();
        for part in parts {
            let (input, mut last) = (&mut part.bytes.as_slice(), 0);
            // Nobody but `push` writes the bytes: they end where reading fails.
            while let Ok(event) = read_event(input, program, last) {
                last = event.time.as_millis();
                state.apply(program, event);
            }
        }
        state
    }

    /// Grows by an eighth rather than to the double: millions of these are held at once.
    fn make_room(&mut self) {
        /// What most events fit into.
        const EVENT: usize = 64;
        if self.bytes.capacity() - self.bytes.len() < EVENT {
            self.bytes.reserve_exact(EVENT.max(self.bytes.len() / 8));
        }
    }
}
