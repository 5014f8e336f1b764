//! A day's rounds in a row: one square each, whose mark says how the round stands.

use askama::Template;
use dutylog_core::records::round::RoundStatus;

const STEP: usize = 26;

/// Squares in the order of their windows.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "charts/strip.html")]
pub(in crate::console) struct Strip {
    /// What it shows, in a sentence.
    pub(in crate::console) title: String,
    /// The rounds.
    pub(in crate::console) cells: Vec<Cell>,
}

/// One round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::console) struct Cell {
    /// How it stands.
    pub(in crate::console) look: Look,
    /// Which round, and how it stands, in words.
    pub(in crate::console) title: String,
}

/// How a square looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::console) struct Look {
    /// The class in the style sheet.
    pub(in crate::console) class: &'static str,
    /// What is drawn in a square of 20 by 20, as an SVG path.
    pub(in crate::console) mark: &'static str,
}

impl From<&RoundStatus> for Look {
    fn from(status: &RoundStatus) -> Self {
        let (class, mark) = match status {
            RoundStatus::OnTime => ("good", "M5 10.5l3.5 3.5L15 6.5"),
            RoundStatus::Late => ("late", "M10 5v5.5l3.5 2.5"),
            RoundStatus::Running => ("info", "M7.5 5.5v9l7-4.5z"),
            RoundStatus::Missed => ("bad", "M6 6l8 8M14 6l-8 8"),
            RoundStatus::NotHereYet(_) => ("awaited", "M10 4.5v9M6.5 10l3.5 3.5L13.5 10M5 16h10"),
            RoundStatus::Unknown(_) => {
                ("unknown", "M7.2 7.4a2.9 2.9 0 1 1 4.2 2.6c-.9.5-1.4 1-1.4 2M10 14.6v.8")
            }
            RoundStatus::Skipped => ("plain", "M5.5 10h9"),
            RoundStatus::Due => ("due", "M10 9.9v.2"),
            RoundStatus::Upcoming => ("upcoming", ""),
        };
        Self { class, mark }
    }
}

impl Strip {
    fn width(&self) -> usize {
        STEP * self.cells.len().max(1) - (STEP - 22)
    }

    /// Each square with where it begins.
    fn placed(&self) -> impl Iterator<Item = (usize, &Cell)> {
        self.cells.iter().enumerate().map(|(n, cell)| (n * STEP + 1, cell))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_status_has_its_own_look_and_mark() {
        use RoundStatus as S;
        let all = [
            S::Upcoming,
            S::Due,
            S::Running,
            S::OnTime,
            S::Late,
            S::Skipped,
            S::Missed,
            S::NotHereYet(vec![]),
            S::Unknown(vec![]),
        ];
        let looks: Vec<Look> = all.iter().map(Look::from).collect();
        assert_eq!(looks.iter().map(|l| l.class).collect::<BTreeSet<_>>().len(), all.len());
        assert_eq!(looks.iter().map(|l| l.mark).collect::<BTreeSet<_>>().len(), all.len());
    }

    #[test]
    fn the_drawing_is_named_and_each_square_too() {
        let cell = Cell { look: Look::from(&RoundStatus::OnTime), title: "08:00 <on time>".into() };
        let svg = Strip { title: "today".into(), cells: vec![cell] }.render().expect("renders");
        assert!(svg.starts_with("<svg") && svg.contains(r#"aria-label="today""#), "{svg}");
        assert!(svg.contains("<title>08:00 &lt;on time&gt;</title>") && !svg.contains("style="), "{svg}");
    }
}
