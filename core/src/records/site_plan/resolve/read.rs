//! How texts of a plan are read.

use super::super::{PlanFault, PostPart};
use crate::records::Capabilities;
use crate::records::calendar::Date;

pub(super) fn capabilities(part: &PostPart) -> Result<Capabilities, PlanFault> {
    let given = part.capabilities.as_ref().map(|list| list.iter().copied().collect());
    given.or(part.template.map(|t| t.capabilities())).ok_or(PlanFault::PostAllowsNothing)
}

pub(super) fn day(text: &str) -> Result<Date, PlanFault> {
    text.parse().map_err(|_| PlanFault::NotADay(text.to_owned()))
}

/// Minutes after midnight of `08:00`.
pub(super) fn minute_of_day(text: &str) -> Result<u32, PlanFault> {
    let digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    let two = |part: &str| digits(part).then(|| part.parse::<u32>().ok()).flatten();
    let read = text.split_once(':').and_then(|(h, m)| Some((two(h)?, two(m)?)));
    match read {
        Some((hour @ 0..24, minute @ 0..60)) => Ok(hour * 60 + minute),
        _ => Err(PlanFault::NotATime(text.to_owned())),
    }
}

/// `-0.6` with two decimals is -60 steps.
pub(super) fn steps(text: &str, decimals: u32) -> Result<i64, PlanFault> {
    let fault = || PlanFault::NotAReading(text.to_owned());
    let (sign, size) = text.strip_prefix('-').map_or((1, text), |size| (-1, size));
    let (whole, part) = size.split_once('.').unwrap_or((size, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let width = usize::try_from(decimals).map_err(|_| fault())?;
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > width || size.ends_with('.') {
        return Err(fault());
    }
    let number = format!("{whole}{part:0<width$}").parse::<i64>().map_err(|_| fault())?;
    Ok(sign * number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day() {
        assert_eq!(
            ["00:00", "08:30", "23:59"].map(|t| minute_of_day(t).ok()),
            [Some(0), Some(510), Some(1439)]
        );
        for wrong in ["24:00", "8:30", "08:60", "0830", "08:3", "+1:00", ""] {
            assert!(minute_of_day(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn readings_are_exact() {
        let table = [("0.60", 2, 60), ("0.6", 2, 60), ("-1", 1, -10), ("42", 0, 42), ("007.5", 1, 75)];
        for (text, decimals, expected) in table {
            assert_eq!(steps(text, decimals), Ok(expected), "{text}");
        }
        for wrong in ["0.605", "", "-", ".5", "5.", "1e3", "1 0", "99999999999999999999"] {
            assert!(steps(wrong, 2).is_err(), "{wrong}");
        }
    }
}
