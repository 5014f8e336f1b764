//! How many tests ran, read from the runners' closing lines.

use std::fmt;

/// Tests that passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many passed.
    pub passed: u64,
    /// How many failed.
    pub failed: u64,
}

impl Tally {
    /// Sums the closing lines of test runners: `test result: ok. 3 passed; 0 failed; …`.
    #[must_use]
    pub fn read(output: &str) -> Self {
        let mut tally = Self::default();
        for line in output.lines().filter_map(|line| line.trim_start().strip_prefix("test result: ")) {
            let words: Vec<_> = line.split([' ', ';']).collect();
            for pair in words.windows(2) {
                match pair {
                    [n, "passed"] => tally.passed += n.parse::<u64>().unwrap_or(0),
                    [n, "failed"] => tally.failed += n.parse::<u64>().unwrap_or(0),
                    _ => {}
                }
            }
        }
        tally
    }

    /// Adds another tally.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// For the end of a step's line; nothing where no test ran.
    #[must_use]
    pub fn shown(&self) -> String {
        if self.passed == 0 { String::new() } else { format!("  {} tests", self.passed) }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_summed() {
        let output = "running 2 tests\ntest result: ok. 2 passed; 0 failed; 1 ignored; 0 measured\n\
                      noise 9 passed\ntest result: FAILED. 1 passed; 3 failed; 0 ignored";
        assert_eq!(Tally::read(output), Tally { passed: 3, failed: 3 });
        assert_eq!(Tally { passed: 3, failed: 3 }.to_string(), "3 passed, 3 failed");
    }
}
