//! The direction of the arrows. A part that needs a new arrow changes these tables, and whoever reads the change sees it.

use super::source::{named_after, sources};

/// What each part of `core` may know of the others.
const CORE: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("records", &["base"]),
    ("log", &["base", "records"]),
    ("merge", &["base", "records", "log"]),
    ("capture", &["base", "records", "log", "merge", "locales"]),
    ("commit", &["base", "records", "log", "merge", "capture"]),
    // What people read: it names what every part above it can say.
    ("locales", &["base", "records", "log", "merge", "capture", "sync"]),
    // Carries entries as they are.
    ("sync", &["base", "records", "log"]),
    // A fold in transit, with the segments that prove parts of it.
    ("snapshot", &["base", "records", "log", "merge", "sync"]),
    ("store", &["base", "records", "log", "merge", "snapshot"]),
    ("companion", &["base", "records", "log", "merge", "capture", "commit", "locales", "sync", "store"]),
];

/// What each part of `server` may know of the others.
const SERVER: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("entropy", &[]),
    ("shutdown", &[]),
    ("i18n", &[]),
    ("database", &[]),
    ("config", &["http"]),
    ("telemetry", &["config"]),
    ("metrics", &[]),
    ("keys", &["ledger"]),
    ("ledger", &["database"]),
    ("ingest", &["ledger", "keys"]),
    ("views", &["database", "ledger"]),
    ("desk", &["ledger", "views", "ingest", "keys", "clock", "entropy", "enrolment"]),
    ("enrolment", &["ledger", "keys", "clock", "entropy"]),
    // Proofs to hand out, from what the log holds.
    ("evidence", &["ledger", "keys"]),
    ("accounts", &["database", "clock", "entropy"]),
    ("http", &["accounts", "app", "entropy", "i18n", "metrics", "shutdown"]),
    (
        "api",
        &[
            "app",
            "http",
            "ledger",
            "ingest",
            "desk",
            "keys",
            "enrolment",
            "entropy",
            "views",
            "clock",
            "metrics",
        ],
    ),
    (
        "console",
        &[
            "app", "http", "views", "desk", "accounts", "ledger", "config", "clock", "entropy", "i18n",
            "shutdown", "evidence",
        ],
    ),
    // What the command line does to a data folder as a whole.
    ("verify", &["app", "ledger", "config", "views", "database", "keys", "backup", "entropy"]),
    ("backup", &["app", "ledger", "keys", "config", "database", "clock", "entropy"]),
];

/// These wire the parts together, so they know all.
const WIRING: &[&str] = &["app", "cli", "demo", "lib", "main", "companion"];

fn check(krate: &str, allowed: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for source in sources(krate) {
        let part = source.part();
        let Some((_, may)) = allowed.iter().find(|(name, _)| *name == part) else {
            if !WIRING.contains(&part) {
                wrong.push(format!("{krate}/src/{}: {part} has no row in the table of imports", source.path));
            }
            continue;
        };
        for named in named_after(&source.code, "crate::") {
            let is_part = allowed.iter().any(|(name, _)| *name == named) || WIRING.contains(&named.as_str());
            if is_part && named != part && !may.contains(&named.as_str()) {
                wrong.push(format!("{krate}/src/{}: {part} may not import {named}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn parts_of_core_import_only_what_lies_below_them() {
    check("core", CORE);
}

#[test]
fn parts_of_the_server_import_only_what_they_may() {
    check("server", SERVER);
}

#[test]
fn core_knows_no_other_crate_of_ours() {
    for krate in ["core"] {
        for source in sources(krate) {
            for other in ["dutylog_server", "dutylog_mobile", "dutylog_tests", "dutylog_gate"] {
                assert!(!source.code.contains(other), "{krate}/src/{}: {other}", source.path);
            }
        }
    }
}

#[test]
fn only_the_demonstration_runs_phones_in_the_server() {
    for source in sources("server").iter().filter(|source| source.part() != "demo") {
        for named in named_after(&source.code, "dutylog_core::") {
            assert!(!["store", "companion"].contains(&named.as_str()), "server/src/{}: {named}", source.path);
        }
    }
}
