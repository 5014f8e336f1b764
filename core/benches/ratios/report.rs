//! What was found, as a table for people or as JSON.

use std::fmt;

use serde::Serialize;

use super::{Paired, Spread};

/// The most that a ratio may be, where there is a goal.
pub(crate) type Bound = Option<f64>;

/// What is compared with what.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Pair {
    /// The one measured.
    pub(crate) subject: &'static str,
    /// What it is measured by.
    pub(crate) against: &'static str,
}

/// One line of the report.
#[derive(Debug, Serialize)]
struct Line {
    /// The goal's number; 0 where there is no goal.
    goal: u8,
    name: String,
    #[serde(flatten)]
    pair: Pair,
    unit: &'static str,
    measured: f64,
    limit: f64,
    ratio: f64,
    bound: Bound,
    met: Option<bool>,
}

/// The spread behind a line, in microseconds.
#[derive(Debug, Serialize)]
struct Detail {
    name: String,
    subject: &'static str,
    #[serde(flatten)]
    spread: Spread,
}

/// Everything found in one run.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    lines: Vec<Line>,
    spreads: Vec<Detail>,
}

/// Where the lines that follow belong: one goal, one thing measured, one pair.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    report: &'a mut Report,
    goal: u8,
    name: String,
    pair: Pair,
}

impl Report {
    /// Begins an entry of a goal.
    pub(crate) fn entry(&mut self, goal: u8, name: impl Into<String>, pair: Pair) -> Entry<'_> {
        Entry { report: self, goal, name: name.into(), pair }
    }
}

impl Entry<'_> {
    /// Two figures; the ratio is theirs.
    pub(crate) fn figures(self, unit: &'static str, [measured, limit]: [f64; 2], bound: Bound) -> Self {
        self.line("", unit, [measured, limit, measured / limit], bound)
    }

    /// The medians of two that took turns.
    pub(crate) fn p50(self, paired: &Paired, bound: Bound) -> Self {
        self.line(", p50", "µs", [paired.ours.p50, paired.limit.p50, paired.ratio.p50], bound)
    }

    /// The 99th percentiles of two that took turns.
    pub(crate) fn p99(self, paired: &Paired, bound: Bound) -> Self {
        self.line(", p99", "µs", [paired.ours.p99, paired.limit.p99, paired.ratio.p99], bound)
    }

    /// The whole spread of both.
    pub(crate) fn spreads(self, paired: &Paired) {
        for (subject, spread) in [(self.pair.subject, paired.ours), (self.pair.against, paired.limit)] {
            self.report.spreads.push(Detail { name: self.name.clone(), subject, spread });
        }
    }

    fn line(self, suffix: &str, unit: &'static str, figures: [f64; 3], bound: Bound) -> Self {
        let [measured, limit, ratio] = figures;
        let (goal, name, pair) = (self.goal, self.name.clone() + suffix, self.pair);
        let met = bound.map(|bound| ratio <= bound);
        self.report.lines.push(Line { goal, name, pair, unit, measured, limit, ratio, bound, met });
        self
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heads = ["goal", "what", "subject", "against", "measured", "limit", "ratio", "goal", "verdict"];
        let [goal, what, subject, against, measured, limit, ratio, bound, verdict] = heads;
        write!(f, "{goal:>4}  {what:33} {subject:>8} {against:>10} {measured:>13} {limit:>13}")?;
        writeln!(f, " {ratio:>7} {bound:>7} {verdict:>8}")?;
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))?;
        let [p50, p99, mean] = ["p50 µs", "p99 µs", "mean µs"];
        writeln!(f, "\n      {what:33} {subject:>8} {p50:>12} {p99:>12} {mean:>12}")?;
        self.spreads.iter().try_for_each(|detail| writeln!(f, "{detail}"))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { goal, name, pair: Pair { subject, against }, unit, measured, limit, ratio, .. } = self;
        let bound = self.bound.map_or("–".to_owned(), |bound| format!("≤ {bound:.2}"));
        let verdict = self.met.map_or("–", |met| if met { "met" } else { "missed" });
        write!(
            f,
            "{goal:>4}  {name:33} {subject:>8} {against:>10} {measured:>10.2} {unit:2} {limit:>10.2} {unit:2}"
        )?;
        write!(f, " {ratio:>7.3} {bound:>7} {verdict:>8}")
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Spread { p50, p99, mean } = self.spread;
        write!(f, "      {:33} {:>8} {p50:>12.1} {p99:>12.1} {mean:>12.1}", self.name, self.subject)
    }
}
