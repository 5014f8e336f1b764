//! What was found, as a table for people or as JSON.

use std::fmt;

use serde::Serialize;

use super::{Paired, Spread};

/// The most that a ratio may be.
pub(crate) type Bound = Option<f64>;

/// One measured figure beside its limit and its goal.
#[derive(Debug, Serialize)]
struct Line {
    /// The goal's number.
    goal: u8,
    name: String,
    subject: &'static str,
    against: &'static str,
    unit: &'static str,
    ours: f64,
    limit: f64,
    ratio: f64,
    bound: Bound,
    met: Option<bool>,
}

/// The spread behind the lines, in microseconds.
#[derive(Debug, Serialize)]
struct Detail {
    name: String,
    subject: &'static str,
    #[serde(flatten)]
    spread: Spread,
    peak_rise_mb: Option<f64>,
}

/// Everything found in one run.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    lines: Vec<Line>,
    details: Vec<Detail>,
}

impl Report {
    /// Adds a figure and what it is measured by; the ratio is theirs.
    pub(crate) fn figure(
        &mut self,
        goal: u8,
        name: &str,
        who: [&'static str; 2],
        unit: &'static str,
        figures: [f64; 2],
        bound: Bound,
    ) {
        let [ours, limit] = figures;
        self.line(goal, name, who, unit, [ours, limit, ours / limit], bound);
    }

    /// Adds the medians of two that took turns, in microseconds.
    pub(crate) fn p50(
        &mut self,
        goal: u8,
        name: &str,
        who: [&'static str; 2],
        paired: &Paired,
        bound: Bound,
    ) {
        let figures = [paired.ours.p50, paired.limit.p50, paired.ratio.p50];
        self.line(goal, &format!("{name}, p50"), who, "µs", figures, bound);
    }

    /// Adds the 99th percentiles of two that took turns, in microseconds.
    pub(crate) fn p99(
        &mut self,
        goal: u8,
        name: &str,
        who: [&'static str; 2],
        paired: &Paired,
        bound: Bound,
    ) {
        let figures = [paired.ours.p99, paired.limit.p99, paired.ratio.p99];
        self.line(goal, &format!("{name}, p99"), who, "µs", figures, bound);
    }

    /// Keeps the whole spread of both, and by how much memory rose while each worked, if that was watched.
    pub(crate) fn spread(
        &mut self,
        name: &str,
        who: [&'static str; 2],
        paired: &Paired,
        peaks: [Option<f64>; 2],
    ) {
        for (subject, spread, peak_rise_mb) in
            [(who[0], paired.ours, peaks[0]), (who[1], paired.limit, peaks[1])]
        {
            self.details.push(Detail { name: name.to_owned(), subject, spread, peak_rise_mb });
        }
    }

    fn line(
        &mut self,
        goal: u8,
        name: &str,
        who: [&'static str; 2],
        unit: &'static str,
        figures: [f64; 3],
        bound: Bound,
    ) {
        let [ours, limit, ratio] = figures;
        let [subject, against] = who;
        let met = bound.map(|bound| ratio <= bound);
        let name = name.to_owned();
        self.lines.push(Line { goal, name, subject, against, unit, ours, limit, ratio, bound, met });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "goal  {:44} {:>8} {:>12} {:>12} {:>4} {:>7} {:>7}  verdict",
            "what", "subject", "measured", "limit", "", "ratio", "goal"
        )?;
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        writeln!(
            f,
            "\n{:50} {:>8} {:>12} {:>12} {:>12} {:>8}",
            "spread", "subject", "p50 µs", "p99 µs", "mean µs", "peak MB"
        )?;
        self.details.iter().try_for_each(|detail| writeln!(f, "{detail}"))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bound = self.bound.map_or("–".to_owned(), |bound| format!("≤ {bound:.2}"));
        let verdict = self.met.map_or("–", |met| if met { "met" } else { "missed" });
        let name = format!("{} ({}, × {})", self.name, self.unit, self.against);
        write!(
            f,
            "{:>4}  {name:44} {:>8} {:>12.2} {:>12.2}      {:>7.3} {bound:>7}  {verdict}",
            self.goal, self.subject, self.ours, self.limit, self.ratio
        )
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let peak = self.peak_rise_mb.map_or("–".to_owned(), |mb| format!("{mb:.1}"));
        let Spread { p50, p99, mean } = self.spread;
        write!(f, "{:50} {:>8} {p50:>12.1} {p99:>12.1} {mean:>12.1} {peak:>8}", self.name, self.subject)
    }
}
