//! The glossary names types that exist: a word that the code has left is a word nobody finds.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use dutylog_gate::root;

const GLOSSARY: &str = "core/docs/glossary.md";

/// Every type that a folder's sources define, tables of `closed!` enumerations included.
fn types(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            types(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source is text");
            let words: Vec<&str> = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
            let defined = words.windows(2).filter(|pair| ["struct", "enum"].contains(&pair[0]));
            found.extend(defined.map(|pair| pair[1].to_owned()));
        }
    }
}

/// The third column's words in backticks, with the row's first.
fn named(glossary: &str) -> Vec<(&str, &str)> {
    let rows = glossary
        .lines()
        .filter(|line| line.starts_with("| "))
        .map(|row| row.split(" | ").collect::<Vec<_>>());
    let full = rows.filter(|columns| columns.len() == 4);
    full.flat_map(|columns| columns[2].split('`').skip(1).step_by(2).map(move |word| (columns[0], word)))
        .collect()
}

#[test]
fn every_type_of_the_glossary_exists() {
    let glossary = fs::read_to_string(root().join(GLOSSARY)).expect("the glossary");
    let mut known = BTreeSet::new();
    types(&root().join("core/src"), &mut known);
    // Identifiers are made by one macro.
    known.insert("ChainId".to_owned());
    let named = named(&glossary);
    assert!(named.len() > 40, "the glossary is read: {}", named.len());
    let lost: Vec<_> = named
        .iter()
        .filter(|(_, word)| word.starts_with(char::is_uppercase) && !known.contains(*word))
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
}
