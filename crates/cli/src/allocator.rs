//! The allocator of the process, and how long it keeps memory that was freed.

use libmimalloc_sys::{mi_option_set, mi_option_t};
use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// `mi_option_purge_delay` of `mimalloc.h`, which the bindings leave out: after how many milliseconds what is free goes
/// back to the system; -1 is never.
const PURGE_DELAY: mi_option_t = 15;

/// Keeps memory that is freed for what comes next: for a command that ends when its work is done. What one stage of it
/// gives back the next one takes, and for the system to clear the same pages again costs more than the stage saves.
#[expect(unsafe_code, reason = "an option of the allocator is set by a function in C")]
pub(crate) fn keep_freed_memory() {
    // SAFETY: stores a number in a table of the allocator, which knows this option; it is read when memory is freed.
    unsafe { mi_option_set(PURGE_DELAY, -1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(unsafe_code, reason = "an option of the allocator is read by a function in C")]
    fn the_option_that_is_set_is_the_delay_of_a_second() {
        // SAFETY: reads a number from a table of the allocator.
        let before = unsafe { libmimalloc_sys::mi_option_get(PURGE_DELAY) };
        assert_eq!(before, 1000, "no other option of the allocator is a thousand by default");
    }
}
