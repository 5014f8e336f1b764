//! What the gate needs of the machine beyond Rust and a C compiler: installed where the system is Debian or Ubuntu, named elsewhere.

#![expect(clippy::print_stdout, reason = "part of a command line program")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// Something of the system, the Debian package that brings it, and what needs it.
struct Needed {
    package: &'static str,
    what_for: &'static str,
    is_there: fn() -> bool,
}

const NEEDED: &[Needed] = &[
    Needed {
        package: "python3",
        what_for: "the independent golden vectors, and the phone's boundary driven in Python",
        is_there: || on_path("python3"),
    },
    Needed { package: "chromium", what_for: "looking at the console", is_there: || chromium().is_some() },
    Needed { package: "fonts-noto-cjk", what_for: "Chinese on its pages", is_there: writes_chinese },
    Needed { package: "maven", what_for: "the Kotlin package", is_there: || on_path("mvn") },
    Needed {
        package: "default-jdk-headless",
        what_for: "compiling and running it",
        is_there: || on_path("javac"),
    },
];

/// Installs what is missing.
///
/// # Errors
/// A sentence in both languages that names what is missing and cannot be installed here.
pub fn ensure() -> Result<(), String> {
    add_std_source();
    let missing: Vec<&Needed> = NEEDED.iter().filter(|n| !(n.is_there)()).collect();
    let packages: Vec<&str> = missing.iter().map(|n| n.package).collect();
    if packages.is_empty() {
        return Ok(());
    }
    if on_path("apt-get") && install(&packages) {
        return Ok(());
    }
    let named: Vec<String> = missing.iter().map(|n| format!("{} ({})", n.package, n.what_for)).collect();
    Err(format!(
        "the gate needs: {}. Install these packages (the names are Debian's) and run it again.\n\
         门禁需要以上软件包（按 Debian 的名称），请安装后重试。",
        named.join(", ")
    ))
}

/// The source of Rust's standard library, with which phones' targets are type-checked. Where it is not to be had, that check says what it
/// could not look at.
fn add_std_source() {
    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).output();
    let sysroot = sysroot.map(|asked| String::from_utf8_lossy(&asked.stdout).trim().to_owned());
    let there = sysroot.is_ok_and(|root| Path::new(&root).join("lib/rustlib/src/rust/library").is_dir());
    if !there && on_path("rustup") {
        println!("installing / 正在安装: rust-src");
        drop(Command::new("rustup").args(["component", "add", "rust-src"]).output());
    }
}

/// Where a Chromium is, under any of the names that systems install it by; none if the machine has none.
#[must_use]
pub fn chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].into_iter().find_map(found)
}

fn found(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn on_path(program: &str) -> bool {
    found(program).is_some()
}

/// Whether some font of the system has Chinese characters: any of them will do.
fn writes_chinese() -> bool {
    let listed = Command::new("fc-list").arg(":lang=zh").output();
    let listed = listed.is_ok_and(|listed| listed.status.success() && !listed.stdout.is_empty());
    listed || Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").is_file()
}

fn install(packages: &[&str]) -> bool {
    println!("installing / 正在安装: {}", packages.join(" "));
    let apt = |arguments: &[&str]| {
        let root = std::fs::metadata("/root").is_ok() && std::env::var_os("USER").is_none_or(|u| u == "root");
        let mut command = if root || !on_path("sudo") {
            Command::new("apt-get")
        } else {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "apt-get"]);
            sudo
        };
        let ended = command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").output();
        ended.is_ok_and(|ended| ended.status.success())
    };
    // The lists may be old or absent; installing says whether that mattered.
    let _ = apt(&["update"]);
    apt(&[&["install", "-y", "--no-install-recommends"], packages].concat())
}
