//! The Swift package: made as a developer makes it, read whole, its C header compiled and its library linked; and where the machine has a
//! Swift toolchain, compiled and tested through this library and a real server.

#[path = "swift/calls.rs"]
mod calls;
#[path = "swift/package.rs"]
mod package;
mod support;
#[path = "swift/syntax.rs"]
mod syntax;

use std::collections::BTreeSet;
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

/// What the protocols of the boundary ask for; `ChangeListener` is the app's own, and the library calls it.
const PROTOCOLS: [&str; 5] =
    ["LogbookProtocol", "EnrollingProtocol", "SyncRunProtocol", "SubscriptionProtocol", "KeyStore"];

/// The methods of these protocols, by the reviewed surface.
fn methods() -> BTreeSet<String> {
    let surface = include_str!("../surface/swift.txt");
    let bodies = PROTOCOLS.iter().flat_map(|name| {
        let (_, rest) =
            surface.split_once(&format!("public protocol {name}:")).expect("it is in the surface");
        rest.lines().skip(1).take_while(|line| line.starts_with(' '))
    });
    let signatures = bodies.filter_map(|line| line.trim().strip_prefix("func ")?.split_once('('));
    signatures
        .map(|(name, rest)| {
            let parameters = rest.split(')').next().unwrap_or_default();
            let labels = parameters.split(", ").filter_map(|parameter| parameter.split_once(':'));
            calls::full_name(name, labels.map(|(label, _)| label))
        })
        .collect()
}

#[test]
fn the_tests_in_swift_call_every_method_and_expect_every_kind_of_error() {
    let sources = Package::ready().sources();
    let text = |path: &PathBuf| std::fs::read_to_string(path).expect("a source is text");
    let tests = sources.iter().filter(|path| path.to_string_lossy().contains("/Tests/")).map(text);
    let tests: Vec<String> = tests.collect();
    let methods = methods();
    assert!(methods.len() > 70 && methods.contains("onFailure(id:failure:)"), "{methods:?}");
    let called = tests.iter().flat_map(|test| calls::calls(test)).collect();
    let uncalled: Vec<_> = methods.difference(&called).collect();
    assert!(uncalled.is_empty(), "no test calls {uncalled:?}");

    let generated = sources.iter().find(|path| path.ends_with("Generated/DutylogKit.swift")).map(text);
    let kinds = calls::cases(&generated.expect("it was generated"), "DutylogError");
    assert_eq!(kinds.len(), 8, "{kinds:?}");
    let expected = tests.iter().flat_map(|test| calls::expected_errors(test)).collect();
    let unexpected: Vec<_> = kinds.difference(&expected).collect();
    assert!(unexpected.is_empty(), "no test expects {unexpected:?}");
}

#[test]
fn what_is_only_mentioned_is_not_called() {
    let called = |source: &str| calls::calls(source).into_iter().collect::<Vec<_>>();
    assert_eq!(called("let a = try await app.perform(1) { try $0.pause() }"), ["pause()", "perform(_:)"]);
    assert_eq!(called("f { try key.sign(name: n, guard: `guard`, to: x?.y) }"), ["sign(name:guard:to:)"]);
    assert_eq!(called("extension Logbook { func f() throws { try pause() } }"), ["pause()"]);
    assert!(called("// app.pause()\nlet f = app.pause; let s = \"app.pause()\"; func pause() {}").is_empty());
    let errors = |source: &str| calls::expected_errors(source).into_iter().collect::<Vec<_>>();
    assert_eq!(
        errors("func f() { guard case .Keys(code: \"a\", _) = e, g else { return }; if case .Fault = e {} }"),
        ["Fault", "Keys"]
    );
    assert_eq!(errors("do { try f() } catch DutylogError.Paused(let code, _) { }"), ["Paused"]);
    assert!(errors("switch e { case .Storage: f()\ncase .Rejected(let code): g() }").is_empty());
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
