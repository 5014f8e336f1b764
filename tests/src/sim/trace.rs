//! What happened, as one digest: two runs of one seed must agree on it.

use std::fmt::Write as _;

use dutylog_core::base::Digest;

/// The story of a run so far.
#[derive(Debug, Default)]
pub struct Trace {
    lines: String,
    shown: bool,
}

impl Trace {
    /// An empty story; told aloud while it happens if `DUTYLOG_TRACE` is set.
    #[must_use]
    pub fn new() -> Self {
        Self { lines: String::new(), shown: std::env::var_os("DUTYLOG_TRACE").is_some() }
    }

    /// Adds a line.
    pub fn tell(&mut self, line: impl std::fmt::Display) {
        if self.shown {
            eprintln!("{line}");
        }
        writeln!(self.lines, "{line}").expect("a string takes text");
    }

    /// Its digest.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.lines.as_bytes())
    }

    /// The last lines, for a failure's message.
    #[must_use]
    pub fn tail(&self, lines: usize) -> String {
        let all: Vec<&str> = self.lines.lines().collect();
        all[all.len().saturating_sub(lines)..].join("\n")
    }
}
