//! The drivers, ready to be started: the generated sources of a language, and beside them the few lines that make the calls.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use uniffi::TargetLanguage;

use crate::maven::{build, maven, property};
use crate::support;

/// Works out Maven's classpath; pinned as the package's own plugins are.
const CLASSPATH: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath";

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/boundary")
}

/// `outside.py` over the generated module, which lies in the folder that comes along.
pub(crate) fn python() -> (Command, TempDir) {
    let module = tempfile::tempdir().expect("a folder");
    support::generate(TargetLanguage::Python, module.path());
    let library = support::library();
    let name = library.file_name().expect("a name");
    std::fs::copy(&library, module.path().join(name)).expect("the library lies beside the module");
    let mut python = Command::new("python3");
    python.arg(here().join("outside.py")).env("PYTHONPATH", module.path());
    (python, module)
}

/// `Outside.kt` on a JVM, over the package as its tests have it.
pub(crate) fn kotlin() -> Command {
    let target = build("kotlin-bench");
    let listed = target.join("classpath");
    let sources = property("dutylog.tests", &here());
    let into = property("mdep.outputFile", &listed);
    maven(&target, None, &["test-compile", CLASSPATH, &sources, &into, "-Dmdep.includeScope=runtime"]);
    let libraries = std::fs::read_to_string(&listed).expect("Maven wrote it");
    let classes = ["classes", "test-classes"].map(|name| target.join("target").join(name));
    let classes = classes.iter().map(PathBuf::as_path);
    let path = std::env::join_paths(
        classes
            .chain(std::env::split_paths(libraries.trim()).collect::<Vec<_>>().iter().map(PathBuf::as_path)),
    );
    let library = support::library();
    let mut java = Command::new("java");
    java.arg(property("jna.library.path", library.parent().expect("a folder")));
    java.arg("-cp").arg(path.expect("a path")).arg("org.dutylog.bench.OutsideKt");
    java
}
