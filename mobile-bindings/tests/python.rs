//! The widest tests of the boundary, in Python with a real server: a whole shift on two phones, and what the host lends failing.

mod support;

use std::path::Path;
use std::process::Command;

use uniffi::TargetLanguage;

const SCRIPTS: [&str; 4] = ["host.py", "phone.py", "server.py", "shift.py"];

/// Runs a script with the generated module and the library beside it; gives what it said.
fn run(script: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("python");
    support::generate(TargetLanguage::Python, folder.path());
    let library = support::library();
    let name = library.file_name().expect("a name");
    std::fs::copy(&library, folder.path().join(name)).expect("the library lies beside the module");
    for script in SCRIPTS {
        std::fs::copy(scripts.join(script), folder.path().join(script)).expect("copied");
    }
    let mut python = Command::new("python3");
    python
        .arg(folder.path().join(script))
        .arg(support::server())
        .arg(support::site_plan())
        .arg(folder.path().join("run"));
    let run = python.output().expect("python3 runs");
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success(), "{said}\n{}", String::from_utf8_lossy(&run.stderr));
    said
}

#[test]
fn a_whole_shift_runs_through_the_generated_python() {
    assert!(run("shift.py").ends_with("a whole shift: delivered\n"));
}

#[test]
fn what_the_host_lends_may_fail() {
    assert!(run("host.py").ends_with("the host may fail\n"));
}
