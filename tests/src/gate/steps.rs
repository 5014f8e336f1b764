//! The steps of the gate, in order: what is quick to say no comes first.

use super::Step;

fn step(name: &'static str, in_quick: bool, command: &str) -> Step {
    let command = command.split_whitespace().map(str::to_owned).collect();
    Step { name, command, env: Vec::new(), in_quick }
}

/// Every step.
#[must_use]
pub fn all() -> Vec<Step> {
    vec![
        step("formatted", true, "cargo fmt --all --check"),
        step(
            "golden vectors are the independent program's",
            true,
            "python3 core/tests/vectors/make_vectors.py check core/tests/vectors",
        ),
        step("lints", true, "cargo clippy --quiet --workspace --all-targets --all-features -- -D warnings"),
        step("core alone", false, "cargo check --quiet -p dutylog-core"),
        step("tests", true, "cargo test --workspace --no-fail-fast"),
    ]
}
