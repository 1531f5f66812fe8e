//! The targets under libFuzzer: `cargo xtask fuzz TARGET` builds this with coverage and names the target.

#![no_main]
#![expect(clippy::expect_used, reason = "libFuzzer hands over no way to return an error")]

use std::sync::LazyLock;

use kelvin_fuzz::{TARGETS, Target};

static CHOSEN: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("KELVIN_FUZZ_TARGET").unwrap_or_default();
    TARGETS.iter().find(|target| target.name == name).expect("KELVIN_FUZZ_TARGET names a target")
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| (CHOSEN.run)(data));
