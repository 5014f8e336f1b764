//! The Kotlin package, built and tested by Maven: generated code, hand-written layer and sample, through this library and a real server; and
//! the AAR that is laid out from it.

#[path = "kotlin/aar.rs"]
mod aar;
#[path = "kotlin/maven.rs"]
mod maven;
mod support;

use std::collections::BTreeSet;

use dutylog_core::capture::Rejection;
use dutylog_core::locales::Trouble;
use maven::{build, maven, package, property};

#[test]
fn the_package_is_built_and_its_tests_pass() {
    let said = maven(&build("kotlin"), None, &["verify", &property("dutylog.server", &support::server())]);
    let closing = said.lines().rfind(|line| line.contains("Tests run:")).expect("tests were run");
    support::note(closing.trim_start_matches("[INFO] "));
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
    ("not_signed_in", "every action says first that nobody is signed in"),
    ("storage_full", "the disk of the machine is not full"),
    ("storage_busy", "nothing else locks the file"),
    ("storage_damaged", "damaged files are set aside at opening"),
    ("storage_failed", "the disk of the machine works"),
    ("bundle_too_large", "64 MiB take too long to record"),
];

/// Every code that there is has come out of the package's tests, save those that cannot.
fn every_code_was_met_or_cannot_be() {
    let noted = std::fs::read_to_string(build("kotlin").join("target/error-codes.txt"))
        .expect("the tests noted them");
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
    let lines =
        sample.split("README begins.\n").nth(1).and_then(|rest| rest.split("    // The README ends").next());
    let lines: String =
        lines.expect("both marks").lines().map(|line| format!("{}\n", line.trim_start())).collect();
    assert_eq!(lines.lines().count(), 10);
    let readme = include_str!("../README.md");
    assert!(
        readme.contains(&format!("```kotlin\n{lines}```\n")),
        "the README has other lines than the sample:\n{lines}"
    );
}
