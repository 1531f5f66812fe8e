//! How long `kelvin serve` keeps things.

use clap::Args;
use kelvin_kernel::Duration;
use kelvin_server::Retention;

/// How long things are kept.
#[derive(Debug, Args)]
#[command(next_help_heading = "Keeping")]
pub(crate) struct Keeping {
    /// Remove events that are older than this, `730d`; their points go with them. 0 keeps them for ever
    #[arg(long, value_name = "DURATION", default_value = "0", value_parser = duration, env = "KELVIN_RETAIN")]
    retain: Duration,

    /// Forget what messages said so long after they were delivered. 0 keeps it for ever
    #[arg(long, value_name = "DURATION", default_value = "0", value_parser = duration, env = "KELVIN_RETAIN_MESSAGES")]
    retain_messages: Duration,

    /// Remove entries of the audit log that are older than this. 0 keeps them for ever
    #[arg(long, value_name = "DURATION", default_value = "0", value_parser = duration, env = "KELVIN_RETAIN_AUDIT")]
    retain_audit: Duration,

    /// Remove rejected events that came longer ago than this. 0 keeps them for ever
    #[arg(long, value_name = "DURATION", default_value = "0", value_parser = duration, env = "KELVIN_RETAIN_REJECTED")]
    retain_rejected: Duration,

    /// Rejected events that are kept at most; the oldest are dropped
    #[arg(long, value_name = "NUMBER", default_value_t = Retention::default().most_rejected, env = "KELVIN_MAX_REJECTED")]
    max_rejected: u64,
}

impl Keeping {
    pub(crate) fn retention(&self) -> Retention {
        let limited = |kept: Duration| Some(kept).filter(|kept| kept.as_millis() > 0);
        Retention {
            events: limited(self.retain),
            messages: limited(self.retain_messages),
            audit: limited(self.retain_audit),
            rejected: limited(self.retain_rejected),
            most_rejected: self.max_rejected,
        }
    }
}

/// Reads how long something is kept.
fn duration(text: &str) -> Result<Duration, String> {
    if text == "0" {
        return Ok(Duration::from_millis(0));
    }
    text.parse().map_err(|cause: kelvin_kernel::DurationError| cause.to_string())
}
