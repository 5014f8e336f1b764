//! The Kotlin package, built and tested by Maven: generated code, hand-written layer and sample, through this library and a real server.

mod support;

use std::collections::BTreeSet;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use dutylog_core::capture::Rejection;
use dutylog_core::locales::Trouble;
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

/// Where this test lets Maven build.
fn build() -> PathBuf {
    support::profile().join("kotlin")
}

/// The package's goals, over what was built along with this test.
fn maven(goals: &[&str]) -> Output {
    // A runtime alone starts Maven, and fails halfway.
    run(Command::new("javac").arg("-version"));
    let build = build();
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
    every_code_was_met_or_cannot_be();
}

/// Codes that the tests in Kotlin cannot bring about, and why.
const UNMET: &[(&str, &str)] = &[
    ("hq_only", "the boundary has no action of headquarters'"),
    ("site_only", "the boundary is the site's"),
    ("site_not_described", "nobody signs in before the first conversation has brought the site"),
    ("no_tag_on_record", "every checkpoint of the plan has a tag"),
    ("control_character", "what people type is freed of them"),
    ("document_unsound", "the library writes the document itself"),
    ("statement_unsound", "the library writes the statement itself"),
    ("not_addressee", "the plan has two leads"),
    ("not_signer", "the plan's leads sign, and nobody else may take notice"),
    ("value_unfit", "a conflict is settled among its values"),
    ("entry_elsewhere", "the boundary does not claim entries"),
    ("already_claimed", "the boundary does not claim entries"),
    ("not_signed_in", "every action says first that nobody is signed in"),
    ("storage_full", "the disk of the machine is not full"),
    ("storage_busy", "nothing else locks the file"),
    ("storage_damaged", "damaged files are set aside at opening"),
    ("storage_failed", "the disk of the machine works"),
    ("bundle_too_large", "64 MiB take too long to record"),
];

/// Every code that there is has come out of the package's tests, save those that cannot.
fn every_code_was_met_or_cannot_be() {
    let noted = std::fs::read_to_string(build().join("target/error-codes.txt")).expect("the tests noted them");
    let met: BTreeSet<&str> = noted.lines().filter_map(|line| line.split(' ').nth(1)).collect();
    let known = Rejection::CODES.iter().copied().chain(Trouble::ALL.iter().map(|trouble| trouble.code()));
    for code in known {
        let unmet = UNMET.iter().find(|(unmet, _)| *unmet == code);
        assert!(met.contains(code) != unmet.is_some(), "{code}: {unmet:?}, met: {}", met.contains(code));
    }
}

#[test]
fn the_ten_lines_of_the_readme_are_the_compiled_ones() {
    let sample = std::fs::read_to_string(package().join("sample/TenLines.kt")).expect("the sample");
    let lines = sample.split("README begins.\n").nth(1).and_then(|rest| rest.split("    // The README ends").next());
    let lines: String =
        lines.expect("both marks").lines().map(|line| format!("{}\n", line.trim_start())).collect();
    assert_eq!(lines.lines().count(), 10);
    let readme = include_str!("../README.md");
    assert!(readme.contains(&format!("```kotlin\n{lines}```\n")), "the README has other lines than the sample:\n{lines}");
}
