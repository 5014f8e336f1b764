//! The Kotlin package, built and tested by Maven: generated code, hand-written layer and sample, through this library and a real server.

mod support;

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use uniffi::TargetLanguage;

const NEEDED: &str =
    "the Kotlin package needs Maven and a JDK of 17 or newer: install `maven` and `default-jdk-headless` (the names are Debian's)";

fn package() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("kotlin")
}

/// Runs a tool that comes from the system.
fn run(command: &mut Command) -> Output {
    match command.output() {
        Err(error) if error.kind() == ErrorKind::NotFound => panic!("{NEEDED}"),
        ended => ended.expect("it starts"),
    }
}

/// The package's goals, over what was built along with this test.
fn maven(goals: &[&str]) -> Output {
    // A runtime alone starts Maven, and fails halfway.
    run(Command::new("javac").arg("-version"));
    let build = support::profile().join("kotlin");
    let generated = build.join("generated");
    support::generate(TargetLanguage::Kotlin, &generated);
    let library = support::library();
    let property = |name: &str, value: &Path| format!("-Ddutylog.{name}={}", value.display());
    let mut maven = Command::new("mvn");
    maven.args(["--batch-mode", "--no-transfer-progress"]).args(goals).current_dir(package()).args([
        property("build", &build.join("target")),
        property("generated", &generated),
        property("library", library.parent().expect("a folder")),
        property("server", &support::server()),
    ]);
    run(&mut maven)
}

#[test]
fn the_package_is_built_and_its_tests_pass() {
    let ended = maven(&["verify"]);
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}\n{}", String::from_utf8_lossy(&ended.stderr));
    let closing = said.lines().filter(|line| line.contains("Tests run:")).next_back().expect("tests were run");
    // Past the test runner, which keeps what a passing test prints.
    writeln!(std::io::stdout(), "{closing}").expect("printed");
}
