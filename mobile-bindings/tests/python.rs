//! The widest test of the boundary: a whole shift in Python, with two phones and a real server (`python/shift.py`).

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use uniffi::TargetLanguage;

const SCRIPTS: [&str; 3] = ["phone.py", "server.py", "shift.py"];

/// The program of the server: the one that is named, or one that is built now, since an old one would prove nothing.
fn server() -> PathBuf {
    if let Some(named) = std::env::var_os("DUTYLOG_SERVER") {
        return named.into();
    }
    let library = support::library();
    let profile = library.ancestors().nth(2).expect("target/profile/deps/library");
    let program = profile.join(format!("dutylog-server{}", std::env::consts::EXE_SUFFIX));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let build = ["build", "--quiet", "--package", "dutylog-server", "--bin", "dutylog-server"];
    let built = Command::new(cargo).args(build).status().expect("cargo runs");
    assert!(built.success(), "the server is built");
    program
}

#[test]
fn a_whole_shift_runs_through_the_generated_python() {
    let folder = tempfile::tempdir().expect("a folder");
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("python");
    support::generate(TargetLanguage::Python, folder.path());
    let library = support::library();
    let name = library.file_name().expect("a name");
    std::fs::copy(&library, folder.path().join(name)).expect("the library lies beside the module");
    for script in SCRIPTS {
        std::fs::copy(scripts.join(script), folder.path().join(script)).expect("copied");
    }
    let plan = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/tests/fixtures/site.json");
    let run = Command::new("python3")
        .arg(folder.path().join("shift.py"))
        .arg(server())
        .arg(plan)
        .arg(folder.path().join("run"))
        .output()
        .expect("python3 runs");
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}\n{}", String::from_utf8_lossy(&run.stderr));
    assert!(said.ends_with("a whole shift: delivered\n"), "{said}");
}
