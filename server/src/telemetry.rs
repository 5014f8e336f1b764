//! Where log lines go and how they look. What may stand in them: `docs/logging.md`.

use std::io::{IsTerminal as _, stderr};
use std::panic::PanicHookInfo;

use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, LogSettings};

/// The setting for the log level is not understood.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter does not parse.
    #[error("log level not understood: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Logging was started twice in one process.
    #[error("logging is already running")]
    AlreadyRunning,
}

/// Starts logging to standard error: lines for people at a terminal, JSON for machines otherwise.
///
/// # Errors
/// When the level is not understood, or logging already runs.
pub fn start(settings: &LogSettings) -> Result<(), TelemetryError> {
    // A client that is slow to send its header is its own affair: hyper would log a line for each.
    let filter = EnvFilter::try_new(format!("{},hyper=error", settings.level))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    let started = match settings.format {
        LogFormat::Json => lines.json().with_span_list(false).flatten_event(true).try_init(),
        LogFormat::Auto if !stderr().is_terminal() => {
            lines.json().with_span_list(false).flatten_event(true).try_init()
        }
        LogFormat::Auto | LogFormat::Pretty => lines.compact().try_init(),
    };
    started.map_err(|_| TelemetryError::AlreadyRunning)?;
    std::panic::set_hook(Box::new(log_panic));
    Ok(())
}

/// Says where a panic happened, not what it said: its message may quote data.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "a panic");
}
