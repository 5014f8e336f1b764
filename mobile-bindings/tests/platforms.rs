//! That core and bindings compile for the phones, as far as types go: `cargo check` for each, with every feature that a phone has.
//!
//! Nothing is linked, and so neither an NDK nor Xcode is needed: what has a C library inside (SQLite, zstd) is given a compiler and an archiver
//! that do nothing, since a check reads no archive. What this finds is code that only another system compiles, and code that takes
//! `usize` for 64 bits.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

/// Android and iOS. Android with 32 bits: what compiles there and on a desk, which has 64, compiles for the other phones.
const TARGETS: [&str; 2] = ["armv7-linux-androideabi", "aarch64-apple-ios"];

fn rustc(arguments: &[&str]) -> PathBuf {
    let asked = Command::new("rustc").args(arguments).output().expect("rustc runs");
    PathBuf::from(String::from_utf8_lossy(&asked.stdout).trim())
}

/// How the standard library of a target is come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Std {
    /// It is installed.
    Installed,
    /// Its source is, and is checked along.
    FromSource,
    /// Not at all.
    Missing,
}

impl Std {
    fn of(target: &str) -> Self {
        if rustc(&["--print", "target-libdir", "--target", target]).is_dir() {
            Self::Installed
        } else if rustc(&["--print", "sysroot"]).join("lib/rustlib/src/rust/library/std").is_dir() {
            Self::FromSource
        } else {
            Self::Missing
        }
    }

    fn said(self) -> &'static str {
        match self {
            Self::Installed => "type-checked (standard library installed)",
            Self::FromSource => "type-checked (standard library from source)",
            Self::Missing => {
                "not type-checked: neither its standard library nor the source of it is installed (rustup target add)"
            }
        }
    }
}

/// Checks targets whose standard library is come by in one way, all at once: what runs on this machine is built for them once.
fn check(targets: &[&str], std: Std) {
    // A folder of its own: what asks for unstable features is told so to every build script, and is built anew.
    let build = Path::new(env!("CARGO_TARGET_TMPDIR")).join("platforms");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["check", "--quiet", "--package", "dutylog-core", "--package", "dutylog-mobile"]);
    cargo.current_dir(env!("CARGO_MANIFEST_DIR")).env("CARGO_TARGET_DIR", &build);
    for target in targets {
        let name = target.replace('-', "_");
        cargo.args(["--target", target]);
        cargo.env(format!("CC_{name}"), "true").env(format!("AR_{name}"), "true");
    }
    // Asked for by whoever compiles C for an iPhone; any folder and any version will do.
    cargo.env("SDKROOT", env!("CARGO_TARGET_TMPDIR")).env("IPHONEOS_DEPLOYMENT_TARGET", "15.0");
    if std == Std::FromSource {
        // Unstable on purpose, and for this check alone: no phone's library is built so.
        cargo.env("RUSTC_BOOTSTRAP", "1").env("CARGO_UNSTABLE_BUILD_STD", "std,panic_unwind");
    }
    let checked = cargo.output().expect("cargo runs");
    assert!(checked.status.success(), "{targets:?}: {}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn core_and_bindings_type_check_for_phones() {
    for std in [Std::Installed, Std::FromSource, Std::Missing] {
        let targets: Vec<&str> = TARGETS.into_iter().filter(|target| Std::of(target) == std).collect();
        if std != Std::Missing && !targets.is_empty() {
            check(&targets, std);
        }
        targets.iter().for_each(|target| support::note(&format!("{target}: {}", std.said())));
    }
}
