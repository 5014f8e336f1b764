//! The real program on the command line.

use std::path::Path;
use std::process::{Command, Output};

use dutylog_server::config::EXAMPLE;
use dutylog_server::{Config, SystemClock, app};

fn program(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dutylog-server"));
    command
        .env_clear()
        .args(["--data-dir".as_ref(), data.as_os_str()])
        .args(arguments)
        .output()
        .expect("runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("text")
}

#[test]
fn it_prints_every_setting_and_checks_those_given() {
    let folder = tempfile::tempdir().expect("folder");
    let printed = program(folder.path(), &["config", "print"]);
    assert_eq!(text(&printed.stdout).trim_end(), EXAMPLE.trim_end());
    assert!(program(folder.path(), &["config", "check"]).status.success());
    let refused = program(folder.path(), &["--listen", "0.0.0.0:80", "config", "check"]);
    assert!(!refused.status.success());
    let why = text(&refused.stderr);
    assert!(why.contains("没有 TLS") && why.contains("without TLS"), "{why}");
}

#[test]
fn migrating_makes_a_folder_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    assert!(program(&data, &["migrate"]).status.success());
    assert!(program(&data, &["migrate"]).status.success(), "again changes nothing");
    assert_eq!(std::fs::metadata(&data).expect("folder").permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn accounts_are_made_reset_and_barred() {
    let folder = tempfile::tempdir().expect("folder");
    let account = |arguments: &[&str]| program(folder.path(), &[&["admin", "account"], arguments].concat());
    let password =
        |output: &Output| text(&output.stdout).trim().rsplit(' ').next().expect("a password").to_owned();
    let first = password(&account(&["add", "--name", "Li.Wei", "--role", "hq"]));
    assert_eq!(first.len(), 20);
    let again = account(&["add", "--name", "li.wei", "--role", "admin"]);
    assert!(text(&again.stderr).contains("已被使用") && text(&again.stderr).contains("is taken"));
    assert_ne!(password(&account(&["reset-password", "--name", "li.wei"])), first);
    assert!(account(&["rights", "--name", "li.wei", "--role", "auditor"]).status.success());
    assert!(text(&account(&["list"]).stdout).contains("li.wei  auditor"));
    assert!(account(&["end-sessions", "--name", "li.wei"]).status.success());
    assert!(account(&["disable", "--name", "li.wei"]).status.success());
    assert!(text(&account(&["list"]).stdout).contains("disabled"));
    assert!(account(&["enable", "--name", "li.wei"]).status.success());
    assert!(account(&["disable", "--name", "li.wei"]).status.success());
    for gone in [
        ["disable", "--name", "li.wei"],
        ["reset-password", "--name", "li.wei"],
        ["disable", "--name", "nobody"],
    ] {
        assert!(!account(&gone).status.success(), "{gone:?}");
    }
    let config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
    let database = app::open_database(&config).await.expect("opens");
    let accounts = dutylog_server::accounts::Accounts::new(database, std::sync::Arc::new(SystemClock));
    assert!(accounts.any().await.expect("database"));
    assert!(
        accounts.open_setup().await.expect("database").is_none(),
        "no second set-up, even when all are barred"
    );
}
