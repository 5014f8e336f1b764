//! Queries are constants with bound values. Where one is put together all the same, somebody has looked at what goes into it.

use std::collections::BTreeMap;

use crate::source::sources;

/// Files that put a query together, and of what.
const REVIEWED: [(&str, &str); 7] = [
    ("views/bulk.rs", "names of tables and columns from constants, and as many places as there are rows"),
    ("views/entry.rs", "a constant list of columns"),
    ("views/handovers.rs", "a constant list of columns"),
    ("views/project/again.rs", "names of tables from a constant"),
    ("views/project/dump.rs", "names of tables from a constant"),
    ("views/rounds/mod.rs", "a constant list of columns"),
    ("views/timeline.rs", "conditions that stand in the code, chosen by which filters are set"),
];

#[test]
fn only_reviewed_files_put_queries_together() {
    let found: Vec<String> = sources("server")
        .into_iter()
        .filter(|source| source.code.contains("AssertSqlSafe("))
        .map(|source| source.path)
        .collect();
    let reviewed: BTreeMap<_, _> = REVIEWED.into_iter().collect();
    assert_eq!(found, reviewed.keys().map(ToString::to_string).collect::<Vec<_>>());
}
