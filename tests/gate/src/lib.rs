//! The gate: its steps, how one is run, and what it needs of the machine.

pub mod packages;
pub mod steps;
mod tally;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

pub use tally::Tally;

/// One step of the gate: a command run in the workspace's root.
#[derive(Debug, Clone)]
pub struct Step {
    /// What it holds.
    pub name: &'static str,
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Environment beyond the gate's own.
    pub env: Vec<(&'static str, String)>,
    /// Whether the quick gate runs it too.
    pub in_quick: bool,
}

/// How a step ended.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It held.
    Passed {
        /// How long it took.
        seconds: u64,
        /// What test runners said at their close.
        tests: Tally,
        /// What tests had to say beyond that they passed, such as what could not be looked at here.
        notes: Vec<String>,
    },
    /// It did not, and this is what it printed.
    Failed {
        /// Standard output and error, in that order.
        output: String,
    },
}

impl Step {
    /// The command as one would type it.
    #[must_use]
    pub fn command_line(&self) -> String {
        let env = self.env.iter().map(|(name, value)| format!("{name}={value:?} "));
        env.chain([self.command.join(" ")]).collect()
    }

    /// Runs it.
    #[must_use]
    pub fn run(&self) -> Outcome {
        let started = Instant::now();
        let (program, arguments) = self.command.split_first().expect("every step names a program");
        let ended = Command::new(program)
            .args(arguments)
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .current_dir(root())
            .stdin(Stdio::null())
            .output();
        match ended {
            Err(error) => Outcome::Failed { output: format!("{program}: {error}") },
            Ok(ended) => {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let output = text(&ended.stdout) + &text(&ended.stderr);
                if ended.status.success() {
                    let (tests, notes) = (Tally::read(&output), notes(&output));
                    Outcome::Passed { seconds: started.elapsed().as_secs(), tests, notes }
                } else {
                    Outcome::Failed { output }
                }
            }
        }
    }
}

/// Behind this, a test says a line for whoever runs the gate.
const NOTE: &str = "▸ ";

fn notes(output: &str) -> Vec<String> {
    output.lines().filter_map(|line| line.split_once(NOTE)).map(|(_, note)| note.to_owned()).collect()
}

/// The workspace's root.
///
/// # Panics
/// Never: this package lies in it.
#[must_use]
pub fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).expect("the package lies two folders deep").to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_test_has_to_say_is_found_wherever_it_stands_in_a_line() {
        let output = "running 1 test\ntest swift ... ▸ Swift was not compiled\nok\n▸ two\n";
        assert_eq!(notes(output), ["Swift was not compiled", "two"]);
    }
}
