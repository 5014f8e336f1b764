//! The Swift package: made as a developer makes it, read whole, its C header compiled and its library linked; and where the machine has a
//! Swift toolchain, compiled and tested through this library and a real server.

#[path = "swift/package.rs"]
mod package;
mod support;
#[path = "swift/syntax.rs"]
mod syntax;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use package::Package;

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn has_swift() -> bool {
    Command::new("swift").arg("--version").output().is_ok_and(|asked| asked.status.success())
}

#[test]
fn the_package_compiles_and_its_tests_pass_where_swift_is() {
    if !has_swift() {
        support::note(
            "Swift was not compiled: there is no `swift` on the PATH. It was generated and its syntax checked; header and library were linked.",
        );
        return;
    }
    let package = Package::ready();
    let mut swift = Command::new("swift");
    swift.args(["test", "--package-path"]).arg(package.folder());
    swift.env("DUTYLOG_SERVER", support::server()).env("DUTYLOG_SITE_PLAN", support::site_plan());
    let ended = swift.output().expect("swift runs");
    assert!(ended.status.success(), "{}", said(&ended));
    let said = said(&ended);
    let closing = said.lines().rfind(|line| line.contains("Executed") && line.contains(" tests"));
    support::note(closing.expect("tests were run").trim());
}

#[test]
fn the_generated_and_the_hand_written_swift_parse() {
    let package = Package::ready();
    let sources = package.sources();
    assert!(sources.iter().any(|path| path.ends_with("Generated/DutylogKit.swift")), "{sources:?}");
    let mut mistakes = Vec::new();
    for path in &sources {
        let text = std::fs::read_to_string(path).expect("a source is text");
        mistakes.extend(
            syntax::mistakes(&text).into_iter().map(|mistake| format!("{}:{mistake}", path.display())),
        );
    }
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}

#[test]
fn what_does_not_parse_is_noticed() {
    assert!(syntax::mistakes("func f() -> Int { 1 }").is_empty());
    assert_eq!(syntax::mistakes("func f( -> Int { 1 }\n").len(), 1);
    assert_eq!(syntax::mistakes("let a = 1\nlet = }\n")[0].split(':').next(), Some("2"));
}

#[test]
fn the_c_header_compiles_without_a_warning_and_the_static_library_links_and_answers() {
    let package = Package::ready();
    let program = package.folder().join("header");
    let mut cc = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()));
    cc.args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-I"])
        .arg(package.folder().join("Headers/DutylogKitFFI"));
    cc.arg(here("tests/swift/header.c"))
        .arg("-o")
        .arg(&program)
        .arg(package.folder().join("lib/libdutylog.a"));
    cc.args(if cfg!(target_os = "macos") { &["-liconv"][..] } else { &["-lpthread", "-ldl", "-lm"] });
    let compiled = cc.output().expect("a C compiler runs");
    assert!(compiled.status.success(), "{}", said(&compiled));
    let run = Command::new(&program).output().expect("it runs");
    assert_eq!((run.status.success(), said(&run).as_str()), (true, "contract 30\n"));
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The part of a Swift source that the README shows, without what it is indented by.
fn shown_in(source: &str) -> String {
    let lines = source.lines().skip_while(|line| line.trim() != "// shown: begin").skip(1);
    let lines: Vec<&str> = lines.take_while(|line| line.trim() != "// shown: end").collect();
    let indent = lines.iter().filter(|line| !line.is_empty()).map(|l| l.len() - l.trim_start().len()).min();
    let indent = indent.expect("a part is marked");
    lines.iter().map(|line| format!("{}\n", line.get(indent..).unwrap_or_default())).collect()
}

#[test]
fn the_readmes_swift_is_the_one_that_is_compiled() {
    let readme = std::fs::read_to_string(here("README.md")).expect("it is there");
    let blocks: Vec<&str> =
        readme.split("```swift\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    for (block, source) in blocks.iter().zip(["ReadmeTests.swift", "BackgroundSync.swift"]) {
        let path =
            if source.ends_with("Tests.swift") { "swift/Tests/DutylogKitTests" } else { "swift/Samples" };
        let source = std::fs::read_to_string(here(path).join(source)).expect("it is there");
        assert_eq!(*block, shown_in(&source));
    }
    assert_eq!(blocks.len(), 2);
}
