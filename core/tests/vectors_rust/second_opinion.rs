//! The independent Python program judges what Rust wrote, and catches every change to it.

use std::path::PathBuf;
use std::process::{Command, Output};

use super::json::Json;
use super::tampering::CHANGES;
use super::written::site_log;

/// Runs `make_vectors.py verify` on a log.
fn verify(name: &str, log: &Json, options: &[&str]) -> Output {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("log-{name}.json"));
    std::fs::write(&file, log.to_string()).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/make_vectors.py");
    let mut python = Command::new("python3");
    python.arg(program).arg("verify").arg(&file).args(options);
    python.output().unwrap_or_else(|error| {
        panic!("python3 could not be started ({error}): these tests need Python 3.11 or newer on the PATH")
    })
}

fn said(output: &Output) -> String {
    [&output.stdout[..], &output.stderr[..]].map(String::from_utf8_lossy).concat()
}

#[test]
fn python_verifies_the_log_that_rust_wrote() {
    let output = verify("good", &site_log(16), &[]);
    let said = said(&output);
    assert!(
        output.status.success() && said.starts_with("good: 8 certificates, 3 chains, 48 segments"),
        "{said}"
    );
    assert!(!said.contains(" 0 "), "something is there of everything: {said}");
}

#[test]
fn python_refuses_it_after_any_single_change() {
    let good = site_log(3);
    assert!(verify("small", &good, &[]).status.success(), "good before any change");
    for (number, (what, change)) in CHANGES.iter().enumerate() {
        let mut log = good.clone();
        change(&mut log);
        assert_ne!(log, good, "{what}");
        let output = verify(&format!("changed-{number}"), &log, &["--expect-bad"]);
        let said = said(&output);
        assert!(output.status.success() && said.starts_with("bad: "), "{what}: {said}");
    }
}
