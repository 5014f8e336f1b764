//! The table of hostile inputs names the test that proves each answer: the file and the test must be there.

use std::fs;
use std::path::PathBuf;

use dutylog_gate::root;

/// Where a table's files lie, unless their path begins at the root.
const TESTS: &str = "server/tests";

fn file(path: &str) -> PathBuf {
    let from_root = path.starts_with("core/") || path.starts_with("server/");
    root().join(if from_root { "" } else { TESTS }).join(path)
}

/// A test's name says something: it is long.
fn is_test(word: &str) -> bool {
    word.len() > 20 && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// The tests that a row's last column names, each with the file named before it.
fn proofs(row: &str) -> Vec<(&str, &str)> {
    let column = row.trim_end_matches([' ', '|']).rsplit(" | ").next().unwrap_or_default();
    let (mut file, mut proofs) = ("", Vec::new());
    for word in column.split('`').skip(1).step_by(2) {
        match word {
            _ if word.ends_with(".rs") => file = word,
            _ if is_test(word) => proofs.push((file, word)),
            _ => {}
        }
    }
    proofs
}

#[test]
fn every_test_that_the_table_of_hostile_inputs_names_is_there() {
    let table = fs::read_to_string(root().join("server/docs/hostile-inputs.md")).expect("it is there");
    let named: Vec<_> = table.lines().filter(|line| line.starts_with('|')).flat_map(proofs).collect();
    assert!(named.len() > 20, "the table was not read: {named:?}");
    let is_there = |(path, test): &(&str, &str)| {
        fs::read_to_string(file(path)).is_ok_and(|text| text.contains(&format!("fn {test}(")))
    };
    let missing: Vec<_> = named.into_iter().filter(|proof| !is_there(proof)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
