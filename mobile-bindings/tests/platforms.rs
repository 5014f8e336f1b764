//! That core and bindings compile for the phones, as far as types go: `cargo check` for each, with every feature that a phone has.
//!
//! Nothing is linked, and so neither an NDK nor Xcode is needed: what has a C library inside (SQLite, zstd) is given a compiler and an archiver
//! that do nothing, since a check reads no archive. What this finds is code that only another system compiles, and code that takes
//! `usize` for 64 bits.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

/// Android on the processors of almost all phones, Android with 32 bits, iOS.
const TARGETS: [&str; 3] = ["aarch64-linux-android", "armv7-linux-androideabi", "aarch64-apple-ios"];

fn rustc(arguments: &[&str]) -> PathBuf {
    let asked = Command::new("rustc").args(arguments).output().expect("rustc runs");
    PathBuf::from(String::from_utf8_lossy(&asked.stdout).trim())
}

/// How the standard library of a target is come by.
#[derive(Debug, PartialEq)]
enum Std {
    /// It is installed.
    Installed,
    /// Its source is, and is checked along.
    FromSource,
    /// Not at all.
    Missing,
}

fn std_of(target: &str) -> Std {
    if rustc(&["--print", "target-libdir", "--target", target]).is_dir() {
        Std::Installed
    } else if rustc(&["--print", "sysroot"]).join("lib/rustlib/src/rust/library/std").is_dir() {
        Std::FromSource
    } else {
        Std::Missing
    }
}

fn check(target: &str, std: &Std) {
    let build = Path::new(env!("CARGO_TARGET_TMPDIR")).join("platforms");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args([
        "check",
        "--quiet",
        "--package",
        "dutylog-core",
        "--package",
        "dutylog-mobile",
        "--target",
        target,
    ]);
    cargo.current_dir(env!("CARGO_MANIFEST_DIR")).env("CARGO_TARGET_DIR", &build);
    let name = target.replace('-', "_");
    cargo.env(format!("CC_{name}"), "true").env(format!("AR_{name}"), "true");
    // Asked for by whoever compiles C for an iPhone; any folder and any version will do.
    cargo.env("SDKROOT", env!("CARGO_TARGET_TMPDIR")).env("IPHONEOS_DEPLOYMENT_TARGET", "15.0");
    if *std == Std::FromSource {
        // Unstable on purpose, and for this check alone: no phone's library is built so.
        cargo.env("RUSTC_BOOTSTRAP", "1").env("CARGO_UNSTABLE_BUILD_STD", "std,panic_unwind");
    }
    let checked = cargo.output().expect("cargo runs");
    assert!(checked.status.success(), "{target}: {}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn core_and_bindings_type_check_for_phones() {
    for target in TARGETS {
        let std = std_of(target);
        if std == Std::Missing {
            support::note(&format!(
                "{target} was not type-checked: neither its standard library nor the source of it is installed (rustup target add {target})"
            ));
            continue;
        }
        check(target, &std);
        support::note(&format!(
            "{target}: type-checked ({})",
            if std == Std::Installed { "standard library installed" } else { "standard library from source" }
        ));
    }
}
