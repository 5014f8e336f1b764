//! The built library, and what the generators make of it.

use std::path::{Path, PathBuf};
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
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let text = |path: &Path| path.to_str().expect("a path is text").to_owned();
    let options = GenerateOptions {
        languages: vec![language],
        source: text(&library()).into(),
        out_dir: text(folder).into(),
        config_override: None,
        format: false,
        crate_filter: None,
        metadata_no_deps: false,
    };
    uniffi::generate(options).expect("generated");
}
