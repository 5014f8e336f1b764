//! The steps of the gate, in order: what is quick to say no comes first.

use super::Step;

fn step(name: &'static str, in_quick: bool, command: &str) -> Step {
    let command = command.split_whitespace().map(str::to_owned).collect();
    Step { name, command, env: Vec::new(), in_quick }
}

fn with(mut step: Step, name: &'static str, value: &str) -> Step {
    step.env.push((name, value.to_owned()));
    step
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
        step(
            "core alone, without a database",
            false,
            "cargo check --quiet -p dutylog-core --no-default-features",
        ),
        step("core alone", false, "cargo check --quiet -p dutylog-core"),
        step(
            "server alone, without the demo",
            false,
            "cargo check --quiet -p dutylog-server --no-default-features",
        ),
        step("bindings alone", false, "cargo check --quiet -p dutylog-mobile"),
        with(
            step("documentation", false, "cargo doc --quiet --workspace --no-deps --document-private-items"),
            "RUSTDOCFLAGS",
            "-D warnings",
        ),
        step("tests", true, "cargo test --workspace --no-fail-fast"),
        step(
            "planted bugs are noticed",
            false,
            "cargo test -p dutylog-tests --features canary --test canaries -- --test-threads=1",
        ),
    ]
}
