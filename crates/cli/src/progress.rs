//! A progress bar for long inputs: on a terminal only, and only once a run has taken a while.

use std::{
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::terminal::{Terminal, tell};

/// How long a run may take before there is a bar.
const PATIENCE: Duration = Duration::from_millis(700);
/// How often the bar moves.
const BEAT: Duration = Duration::from_millis(100);

/// How far a run has come.
pub(crate) struct Progress<'a> {
    /// Bytes of all inputs, where that is known.
    pub(crate) total: Option<u64>,
    /// Bytes read so far.
    pub(crate) read: &'a (dyn Fn() -> u64 + Sync),
}

/// Does `work` with a progress bar, where anybody sees it. `work` is given what prints a line on standard error
/// without disturbing the bar.
pub(crate) fn during<T>(
    progress: &Progress<'_>,
    wanted: bool,
    terminal: &Terminal,
    work: impl FnOnce(&(dyn Fn(&str) + Sync)) -> T,
) -> T {
    if !wanted || !terminal.interactive {
        return work(&|line| tell(line));
    }
    let bar = ProgressBar::with_draw_target(progress.total, ProgressDrawTarget::hidden());
    if let Ok(style) = style(progress.total.is_some(), terminal) {
        bar.set_style(style);
    }
    let beat = || {
        let read = (progress.read)();
        bar.set_position(read);
        bar.set_message(if progress.total == Some(read) { "scoring" } else { "reading" });
    };
    shown(&bar, &beat, work)
}

/// Does `work` of which nobody knows how long it takes, with a line that says what is done and since when, where anybody sees it.
pub(crate) fn meanwhile<T>(
    what: &'static str,
    terminal: &Terminal,
    work: impl FnOnce(&(dyn Fn(&str) + Sync)) -> T,
) -> T {
    if !terminal.interactive {
        return work(&|line| tell(line));
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()).with_message(what);
    if let Ok(style) = ProgressStyle::with_template("{msg} {spinner} {elapsed}") {
        bar.set_style(if terminal.unicode { style } else { style.tick_chars("-\\|/ ") });
    }
    shown(&bar, &|| bar.tick(), work)
}

/// Does `work`, with a bar that appears if it takes long, and moves with each `beat`.
fn shown<T>(
    bar: &ProgressBar,
    beat: &(dyn Fn() + Sync),
    work: impl FnOnce(&(dyn Fn(&str) + Sync)) -> T,
) -> T {
    thread::scope(|scope| {
        let (done, wait) = mpsc::channel::<()>();
        scope.spawn(move || {
            if wait.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            bar.set_draw_target(ProgressDrawTarget::stderr());
            while wait.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
                beat();
            }
            bar.finish_and_clear();
        });
        let result = work(&|line| bar.suspend(|| tell(line)));
        drop(done);
        result
    })
}

fn style(sized: bool, terminal: &Terminal) -> Result<ProgressStyle, indicatif::style::TemplateError> {
    let template = match sized {
        true => "{msg} [{bar:40}] {bytes} of {total_bytes}, {bytes_per_sec}, {eta} to go",
        false => "{msg} {spinner} {bytes}, {bytes_per_sec}",
    };
    let style = ProgressStyle::with_template(template)?;
    Ok(if terminal.unicode { style } else { style.progress_chars("#> ").tick_chars("-\\|/ ") })
}
