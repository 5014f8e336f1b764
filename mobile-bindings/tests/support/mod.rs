//! What was built for the tests: the library, what the generators make of it, and a server for the phones to talk to.

#![allow(dead_code, reason = "every test takes what it needs")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use uniffi::{GenerateOptions, TargetLanguage};

/// The library that was built with this test.
pub(crate) fn library() -> PathBuf {
    let name = format!("{}dutylog{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let here = std::env::current_exe().expect("a test has a path");
    let library = here.parent().expect("it lies in a folder").join(name);
    assert!(library.is_file(), "{} is built along with the tests", library.display());
    library
}

/// One generator runs at a time: each asks cargo about the workspace.
static ONE: Mutex<()> = Mutex::new(());

/// Generates the sources of a language into a folder.
pub(crate) fn generate(language: TargetLanguage, folder: &Path) {
    generate_as(language, folder, None);
}

/// Generates the sources of a language into a folder, with what a file says beyond `uniffi.toml`.
pub(crate) fn generate_as(language: TargetLanguage, folder: &Path, config: Option<&Path>) {
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let text = |path: &Path| path.to_str().expect("a path is text").to_owned();
    let options = GenerateOptions {
        languages: vec![language],
        source: text(&library()).into(),
        out_dir: text(folder).into(),
        config_override: config.map(|path| text(path).into()),
        format: false,
        crate_filter: None,
        metadata_no_deps: false,
    };
    uniffi::generate(options).expect("generated");
}

/// The program of the server: the one that is named, or one that is built now, since an old one would prove nothing.
pub(crate) fn server() -> PathBuf {
    if let Some(named) = std::env::var_os("DUTYLOG_SERVER") {
        return named.into();
    }
    let program = profile().join(format!("dutylog-server{}", std::env::consts::EXE_SUFFIX));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let build = ["build", "--quiet", "--package", "dutylog-server", "--bin", "dutylog-server"];
    let built = Command::new(cargo).args(build).status().expect("cargo runs");
    assert!(built.success(), "the server is built");
    program
}

/// Cargo's folder for what was built as this test was: `target/debug`.
pub(crate) fn profile() -> PathBuf {
    let library = library();
    library.ancestors().nth(2).expect("target/profile/deps/library").to_path_buf()
}

/// A site that a server can be told of: its shifts, people, checklists and plans.
pub(crate) fn site_plan() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/tests/fixtures/site.json")
}

/// Says a line to whoever runs the gate, past the test runner, which keeps what a passing test prints.
pub(crate) fn note(line: &str) {
    writeln!(std::io::stdout(), "▸ {line}").expect("printed");
}
