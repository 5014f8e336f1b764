//! Maven, over what was built along with the tests.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use uniffi::TargetLanguage;

use crate::support;

const NEEDED: &str = "the Kotlin package needs Maven and a JDK of 17 or newer: install `maven` and `default-jdk-headless`, by Debian's names";

/// The package's sources.
pub(crate) fn package() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("kotlin")
}

/// Where a build of the package goes: beside what cargo builds.
pub(crate) fn build(name: &str) -> PathBuf {
    support::profile().join(name)
}

/// Runs a tool that comes from the system.
fn run(command: &mut Command) -> Output {
    match command.output() {
        Err(error) if error.kind() == ErrorKind::NotFound => panic!("{NEEDED}"),
        ended => ended.expect("it starts"),
    }
}

/// A property as Maven takes it.
pub(crate) fn property(name: &str, value: &Path) -> String {
    format!("-D{name}={}", value.display())
}

/// Runs Maven for the sources as the generator makes them with a file beyond `uniffi.toml`; gives what it said. Panics with it if it fails.
pub(crate) fn maven(build: &Path, config: Option<&Path>, arguments: &[&str]) -> String {
    // A runtime alone starts Maven, and fails halfway.
    run(Command::new("javac").arg("-version"));
    let generated = build.join("generated");
    support::generate_as(TargetLanguage::Kotlin, &generated, config);
    let library = support::library();
    let mut maven = Command::new("mvn");
    // The compiler's own process serves the compilations of one run, and does not outlive it by hours.
    maven.arg("-Dkotlin.compiler.daemon.shutdownDelayMs=5000");
    maven.args(["--batch-mode", "--no-transfer-progress"]).args(arguments).current_dir(package()).args([
        property("dutylog.build", &build.join("target")),
        property("dutylog.generated", &generated),
        property("dutylog.library", library.parent().expect("a folder")),
    ]);
    let ended = run(&mut maven);
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert!(ended.status.success(), "{said}\n{}", String::from_utf8_lossy(&ended.stderr));
    said
}
