//! A reading over its last rounds: a line between its limits.

use askama::Template;

const WIDTH: i64 = 120;
const HEIGHT: i64 = 28;
const EDGE: i64 = 4;

/// The newest readings of one item, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "charts/spark.html")]
pub(in crate::console) struct Sparkline {
    title: String,
    points: Vec<(i64, i64)>,
    limits: Vec<i64>,
}

impl Sparkline {
    /// Draws readings between their limits; nothing for fewer than two, which have no course.
    pub(in crate::console) fn new(title: String, readings: &[i64], limits: &[i64]) -> Option<Self> {
        if readings.len() < 2 {
            return None;
        }
        let all = || readings.iter().chain(limits).copied();
        let (least, most) = (all().min()?, all().max()?);
        let height = |value: i64| {
            let (value, least, most) = (i128::from(value), i128::from(least), i128::from(most));
            let inner = i128::from(HEIGHT - 2 * EDGE);
            let up = if most == least { inner / 2 } else { (value - least) * inner / (most - least) };
            HEIGHT - EDGE - i64::try_from(up).unwrap_or_default()
        };
        let steps = i64::try_from(readings.len() - 1).ok()?;
        let points = (0..).zip(readings).map(|(n, r)| (EDGE + n * (WIDTH - 2 * EDGE) / steps, height(*r)));
        Some(Self { title, points: points.collect(), limits: limits.iter().map(|l| height(*l)).collect() })
    }

    fn line(&self) -> String {
        self.points.iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ")
    }

    fn last(&self) -> (i64, i64) {
        self.points.last().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_course_lies_within_the_drawing() {
        let spark = Sparkline::new("t".into(), &[i64::MIN, 0, i64::MAX], &[40]).expect("a course");
        assert_eq!(spark.points, [(4, 24), (60, 14), (116, 4)]);
        assert!(spark.limits.iter().all(|y| (4..=24).contains(y)));
        let svg = spark.render().expect("renders");
        assert!(svg.contains("4,24 60,14 116,4"), "{svg}");
    }

    #[test]
    fn what_never_changed_is_a_level_line() {
        let spark = Sparkline::new("t".into(), &[7, 7], &[]).expect("a course");
        assert_eq!(spark.points, [(4, 14), (116, 14)]);
        assert_eq!(Sparkline::new("t".into(), &[7], &[1, 9]), None);
    }
}
