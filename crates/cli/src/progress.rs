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
    thread::scope(|scope| {
        let (done, wait) = mpsc::channel::<()>();
        let moved = bar.clone();
        scope.spawn(move || {
            if wait.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            moved.set_draw_target(ProgressDrawTarget::stderr());
            while wait.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
                let read = (progress.read)();
                moved.set_position(read);
                moved.set_message(if progress.total == Some(read) { "scoring" } else { "reading" });
            }
            moved.finish_and_clear();
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
