//! The steps of the gate, in order: what is quick to say no comes first.

use super::Step;

fn step(name: &'static str, in_quick: bool, command: &str) -> Step {
    let command = command.split_whitespace().map(str::to_owned).collect();
    Step { name, command, env: Vec::new(), in_quick }
}

/// A step that runs with something in its environment.
fn with_env(mut step: Step, name: &'static str, value: &str) -> Step {
    step.env.push((name, value.to_owned()));
    step
}

/// A step whose phones talk to the server's program that the tests' build puts beside this one: they need not build another.
fn with_server(step: Step) -> Step {
    let program = format!("dutylog-server{}", std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe().unwrap_or_default().with_file_name(program);
    with_env(step, "DUTYLOG_SERVER", &beside.to_string_lossy())
}

/// Every step. The quick gate leaves out what builds everything once more, runs fewer seeds and kills less often.
#[must_use]
pub fn all(quick: bool) -> Vec<Step> {
    let tests = with_server(step("tests", true, "cargo test --workspace --no-fail-fast"));
    let steps = vec![
        step("formatted", true, "cargo fmt --all --check"),
        step(
            "golden vectors are the independent program's",
            true,
            "python3 core/tests/vectors/make_vectors.py check core/tests/vectors",
        ),
        step("lints", true, "cargo clippy --quiet --workspace --all-targets --all-features -- -D warnings"),
        with_env(
            step("documentation", true, "cargo doc --quiet --workspace --no-deps --document-private-items"),
            "RUSTDOCFLAGS",
            "-D warnings",
        ),
        // Together, so that what both need is checked once; core with its store alone is checked for the phones' targets.
        step(
            "core without its store, server without demo",
            false,
            "cargo check --quiet -p dutylog-core -p dutylog-server --no-default-features",
        ),
        if quick { with_env(with_env(tests, "DUTYLOG_SEEDS", "50"), "DUTYLOG_KILLS", "20") } else { tests },
        step(
            "the console in a browser",
            true,
            "cargo test --workspace --features dutylog-tests/browser --test browser",
        ),
        with_server(step(
            "the phones' packages: Kotlin, Swift, targets",
            false,
            "cargo test --workspace --no-fail-fast \
             --features dutylog-mobile/jvm,dutylog-mobile/swift,dutylog-mobile/platforms \
             --test kotlin --test swift --test platforms",
        )),
        step(
            "planted bugs are noticed",
            false,
            "cargo test --workspace --features dutylog-tests/canary --test canaries -- --test-threads=1",
        ),
    ];
    steps.into_iter().filter(|step| step.in_quick || !quick).collect()
}
