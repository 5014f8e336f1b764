//! Source files as the fences read them: without tests and comments, which may know more than the product does.

use std::fs;
use std::path::{Path, PathBuf};

use dutylog_gate::root;

/// One file of a crate's `src`.
pub(crate) struct Source {
    /// Below `src`, such as `log/codec/read.rs`.
    pub(crate) path: String,
    /// What the product compiles of it, without comments.
    pub(crate) code: String,
}

impl Source {
    /// The part of the house it stands in: the first folder, or the file at the root.
    pub(crate) fn part(&self) -> &str {
        let first = self.path.split('/').next().expect("split gives one");
        first.strip_suffix(".rs").unwrap_or(first)
    }
}

/// Every file of a crate that is in the product.
pub(crate) fn sources(krate: &str) -> Vec<Source> {
    let src = root().join(krate).join("src");
    let mut found = Vec::new();
    collect(&src, &mut |path| {
        let below = path.strip_prefix(&src).expect("found below it").to_string_lossy().replace('\\', "/");
        if !is_test(&below) {
            let text = fs::read_to_string(path).expect("a source file is text");
            found.push(Source { path: below, code: product(&text) });
        }
    });
    assert!(found.len() > 1, "{krate} has sources");
    found
}

/// Calls with every file below a folder that ends in `.rs`, in order.
fn collect(folder: &Path, each: &mut dyn FnMut(&Path)) {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("a folder of the workspace")
        .map(|entry| entry.expect("readable").path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, each);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            each(&path);
        }
    }
}

fn is_test(path: &str) -> bool {
    path.split('/').any(|part| matches!(part, "tests" | "tests.rs" | "contract" | "testing" | "testing.rs"))
}

/// Up to the file's test module, without comments.
fn product(text: &str) -> String {
    let end = text.find("\n#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..end].lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The first names after `prefix` wherever it stands: `crate::` and `use crate::log::Entry` give `log`.
pub(crate) fn named_after(code: &str, prefix: &str) -> Vec<String> {
    code.match_indices(prefix)
        .filter(|(at, _)| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$'))
        .flat_map(|(at, _)| first_names(&code[at + prefix.len()..]))
        .collect()
}

fn first_names(after: &str) -> Vec<String> {
    match after.strip_prefix('{') {
        None => vec![identifier(after)],
        Some(group) => top_level(group).into_iter().map(identifier).collect(),
    }
}

fn identifier(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The items of a `use` group, up to its closing brace.
fn top_level(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut items) = (0_u32, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(&group[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items.into_iter().filter(|item| !item.trim().is_empty()).collect()
}

#[test]
fn names_are_found_in_paths_and_in_groups() {
    let code = "use crate::log::Entry;\nuse crate::{base::{Digest, Seq}, merge};\nlet x = mycrate::no();";
    assert_eq!(named_after(code, "crate::"), ["log", "base", "merge"]);
}
