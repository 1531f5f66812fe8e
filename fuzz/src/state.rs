//! The target of the state codec: bytes that a store hands back.

use kelvin_kernel::{
    Instant,
    score::Detail,
    state::{State, StateError},
};

use crate::seed::PROGRAM;

/// The version and the seal of the plan.
const HEAD: usize = 9;

/// A state's bytes after its head; what can be decoded has a score at any time, and encodes to bytes that
/// decode and encode the same.
pub(crate) fn state(data: &[u8]) {
    let head = State::default().encode(&PROGRAM);
    let Ok(mut state) = State::decode(&PROGRAM, &[&head[..HEAD], data].concat()) else { return };
    let once = state.encode(&PROGRAM);
    let again = State::decode(&PROGRAM, &once).map(|state| state.encode(&PROGRAM));
    assert_eq!(again, Ok::<_, StateError>(once));
    for millis in [i64::MIN, 0, 1_772_323_200_000, i64::MAX] {
        state.score(&PROGRAM, Instant::from_millis(millis), Detail { until: true, reasons: true });
    }
}
