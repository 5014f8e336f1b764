//! What the gate needs of the machine beyond Rust and a C compiler: installed where the system is Debian or Ubuntu, named elsewhere.

#![expect(clippy::print_stdout, reason = "part of a command line program")]

use std::process::Command;

/// A program, the Debian package that brings it, and what needs it.
struct Needed {
    program: &'static str,
    package: &'static str,
    what_for: &'static str,
}

const NEEDED: &[Needed] =
    &[Needed { program: "python3", package: "python3", what_for: "the independent golden vectors" }];

/// Installs what is missing.
///
/// # Errors
/// A sentence in both languages that names what is missing and cannot be installed here.
pub fn ensure() -> Result<(), String> {
    let missing: Vec<&Needed> = NEEDED.iter().filter(|n| !on_path(n.program)).collect();
    let packages: Vec<&str> = missing.iter().map(|n| n.package).collect();
    if packages.is_empty() {
        return Ok(());
    }
    if on_path("apt-get") && install(&packages) {
        return Ok(());
    }
    let named: Vec<String> = missing.iter().map(|n| format!("{} ({})", n.program, n.what_for)).collect();
    Err(format!(
        "the gate needs: {}; packages on Debian: {}. Install them and run it again.\n\
         门禁需要以上程序，请安装后重试。",
        named.join(", "),
        packages.join(" ")
    ))
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
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
