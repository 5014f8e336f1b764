//! Documents point at each other and at the code by path; a path that leads nowhere is worse than none.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use dutylog_gate::root;

fn documents() -> Vec<PathBuf> {
    let listed =
        Command::new("git").args(["ls-files", "*.md"]).current_dir(root()).output().expect("git runs");
    let listed = String::from_utf8(listed.stdout).expect("paths are text");
    listed.lines().map(|line| root().join(line)).filter(|path| path.is_file()).collect()
}

/// The targets of `[text](target)` outside of code.
fn targets(text: &str) -> Vec<&str> {
    text.split("](").skip(1).filter_map(|after| after.split_once(')')).map(|(target, _)| target).collect()
}

#[test]
fn links_between_documents_lead_somewhere() {
    let documents = documents();
    assert!(documents.len() > 5, "the documents are found");
    let mut dead = Vec::new();
    for document in documents {
        let text = fs::read_to_string(&document).expect("a document is text");
        let folder = document.parent().expect("a file lies in a folder");
        for target in targets(&text).into_iter().filter(|target| is_path(target)) {
            let path = target.split('#').next().unwrap_or_default();
            if !path.is_empty() && !folder.join(path).exists() {
                dead.push(format!("{}: {target}", shown(&document)));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

fn is_path(target: &str) -> bool {
    !target.contains("://") && !target.starts_with("mailto:") && !target.contains(' ')
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
