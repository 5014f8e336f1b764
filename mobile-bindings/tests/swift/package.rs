//! The package in a folder of the test's own, with everything that is generated: the tree stays as it is.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::support;

/// Where Swift is.
const PARTS: [&str; 3] = ["Sources", "Tests", "Samples"];

/// The Swift package, ready to be built.
pub(crate) struct Package(PathBuf);

impl Package {
    /// The package, laid out by whichever test asks first.
    pub(crate) fn ready() -> &'static Self {
        static READY: OnceLock<Package> = OnceLock::new();
        READY.get_or_init(Self::lay_out)
    }

    /// Copies what is kept and runs `generate.sh` beside it. The folder outlives the tests, so that what Swift built is there next time.
    fn lay_out() -> Self {
        let package = Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join("swift"));
        for part in PARTS {
            let old = package.0.join(part);
            if old.exists() {
                std::fs::remove_dir_all(old).expect("removed");
            }
        }
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("swift"), &package.0);
        let generated = Command::new("sh")
            .arg(package.0.join("generate.sh"))
            .env("DUTYLOG_WORKSPACE", env!("CARGO_MANIFEST_DIR"))
            .env("DUTYLOG_LIBRARY", support::library().with_extension("a"))
            .env("DUTYLOG_BINDGEN", env!("CARGO_BIN_EXE_uniffi-bindgen-swift"))
            .output()
            .expect("a shell runs");
        assert!(generated.status.success(), "{}", String::from_utf8_lossy(&generated.stderr));
        package
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    /// Every Swift source, the manifest included.
    pub(crate) fn sources(&self) -> Vec<PathBuf> {
        let mut found = vec![self.0.join("Package.swift")];
        for part in PARTS {
            files(&self.0.join(part), &mut found);
        }
        found.retain(|path| path.extension() == Some(OsStr::new("swift")));
        found
    }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// What a developer may have built or generated in the tree: it belongs to another library.
const MADE: [&str; 6] = [".build", ".swiftpm", "Headers", "Generated", "lib", "DutylogKitFFI.xcframework"];

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("made");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let (path, name) = (entry.path(), entry.file_name());
        if MADE.iter().any(|made| name == *made) {
            continue;
        }
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).expect("copied");
        }
    }
}
