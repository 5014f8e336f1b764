//! The surface that phones see, as reviewed snapshots: what a phone developer has to change shows in review.

mod support;

use std::path::{Path, PathBuf};

use uniffi::TargetLanguage;

/// Set to anything, the snapshots are written anew.
const ACCEPT: &str = "DUTYLOG_ACCEPT_SURFACE";

/// The lines of a generated file that a caller can write against, without their bodies.
fn surface(language: &TargetLanguage, source: &str) -> String {
    let (mut kept, mut inside, mut documents) = (String::new(), false, false);
    for line in source.lines().filter(|line| !line.trim().is_empty()) {
        let code = line.trim_start();
        documents ^= code.matches(DOCUMENTATION).count() % 2 == 1;
        if documents || code.starts_with(DOCUMENTATION) {
            continue;
        }
        // A field stands behind the end of its documentation.
        let indent = (line.len() - code.len()) / 2 * 2;
        let code = code.trim_start_matches("*/").trim_end();
        let begins = indent == 0 && begins_item(language, code);
        if indent == 0 && !continues_item(language, code) {
            inside = begins;
        }
        if begins || (inside && is_member(language, indent, code)) {
            kept.push_str(&format!("{}{}\n", " ".repeat(indent.min(8)), signature(code)));
        }
    }
    kept
}

/// Between which Python documents.
const DOCUMENTATION: &str = "\"\"\"";

/// A line without the beginning of its body.
fn signature(code: &str) -> &str {
    code.trim_end_matches('{').trim_end().trim_end_matches(':')
}

fn starts(code: &str, words: &[&str]) -> bool {
    words.iter().any(|word| code.starts_with(word))
}

/// What the generators make for themselves.
const INTERNAL: &[&str] = &[
    "niffi",
    "NIFFI",
    "FfiConverter",
    "RustBuffer",
    "InternalE",
    "Impl",
    "NoHandle",
    "JNA",
    "ByteB",
    "Mangled",
];

/// A declaration at the margin.
fn begins_item(language: &TargetLanguage, code: &str) -> bool {
    let words: &[&str] = match language {
        TargetLanguage::Kotlin => &[
            "public interface ",
            "open class ",
            "data class ",
            "sealed class ",
            "enum class ",
            "fun `",
            "@Throws",
        ],
        TargetLanguage::Swift => &[
            "public protocol ",
            "open class ",
            "public struct ",
            "public enum ",
            // The generator puts the word before an error on a line of its own.
            "enum ",
            "public func ",
            "public indirect enum ",
        ],
        _ => &["class ", "def ", "async def "],
    };
    let hidden = code.starts_with("class _") || code.starts_with("def _");
    starts(code, words) && !hidden && !INTERNAL.iter().any(|internal| code.contains(internal))
}

/// How whatever is declared at the margin of a Kotlin file begins.
const KOTLIN_DECLARATIONS: &[&str] = &[
    "public ",
    "internal ",
    "private ",
    "class ",
    "interface ",
    "object ",
    "fun ",
    "sealed ",
    "data ",
    "enum ",
    "open ",
    "abstract ",
    "const ",
    "val ",
    "var ",
    "@",
];

/// What the generators leave at the margin although it belongs to what was begun.
fn continues_item(language: &TargetLanguage, code: &str) -> bool {
    match language {
        TargetLanguage::Swift => {
            starts(code, &["open func", "public static func", "public convenience init", ")", "}"])
        }
        TargetLanguage::Kotlin => !starts(code, KOTLIN_DECLARATIONS),
        _ => starts(code, &[")", "}"]),
    }
}

fn is_member(language: &TargetLanguage, indent: usize, code: &str) -> bool {
    // Python's errors hang on a name of the generator's own.
    let variant = code.ends_with("Error):") && code.starts_with("class ");
    if !variant && INTERNAL.iter().any(|internal| code.contains(internal)) {
        return false;
    }
    let word =
        code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '`')).next().unwrap_or_default();
    let shouts =
        !word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c.is_numeric());
    match (language, indent) {
        (TargetLanguage::Kotlin, 4) => {
            starts(code, &["fun `", "val `", "class ", "data class ", "object ", "@Throws"]) || shouts
        }
        (TargetLanguage::Kotlin, 8) => starts(code, &["val `", "fun `"]) && !code.contains(" = "),
        (TargetLanguage::Swift, 0) => {
            starts(code, &["open func", "public static func", "public convenience init"])
        }
        (TargetLanguage::Swift, 4) => {
            starts(code, &["func ", "public let ", "public var ", "case ", "public init("])
                && !code.contains(": return")
        }
        (TargetLanguage::Swift, 8) => {
            let kind = code.strip_prefix(word).and_then(|rest| rest.strip_prefix(": ")).unwrap_or_default();
            kind.starts_with(|c: char| c.is_uppercase() || c == '[')
        }
        (TargetLanguage::Python, 4) => {
            starts(code, &["def ", "class "]) && !starts(code, &["def _", "class _"])
                || code.starts_with("def __init__")
                || shouts
                || field(code)
        }
        (TargetLanguage::Python, 8) => {
            field(code) || starts(code, &["def __init__(self, code", "def __init__(self, reason"])
        }
        _ => false,
    }
}

/// A field of a Python record: `name: type`, or `name:type`.
fn field(code: &str) -> bool {
    let name = code.split(':').next().unwrap_or_default();
    let plain =
        !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_numeric());
    plain
        && name.len() < code.len() - 1
        && !name.starts_with('_')
        && !code.contains('=')
        && !matches!(name, "else" | "try")
}

fn check(language: &TargetLanguage, made: &str, kept: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    support::generate(language.clone(), folder.path());
    let source = std::fs::read_to_string(folder.path().join(made)).expect("generated");
    let now = surface(language, &source);
    assert!(now.lines().count() > 200, "the surface is found: {}", now.lines().count());
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("surface").join(kept);
    if std::env::var_os(ACCEPT).is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(&path, &now).expect("written");
    }
    let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = now.lines().zip(reviewed.lines()).find(|(now, reviewed)| now != reviewed);
    assert!(
        now == reviewed,
        "the surface of {kept} is another: {differs:?}. If that is meant, run the test with {ACCEPT}=1 and let the change be reviewed."
    );
}

#[test]
fn the_kotlin_surface_is_as_reviewed() {
    check(&TargetLanguage::Kotlin, "org/dutylog/dutylog.kt", "kotlin.txt");
}

#[test]
fn the_swift_surface_is_as_reviewed() {
    check(&TargetLanguage::Swift, "DutylogKit.swift", "swift.txt");
}

#[test]
fn the_python_surface_is_as_reviewed() {
    check(&TargetLanguage::Python, "dutylog.py", "python.txt");
}

/// The sources of the boundary.
fn sources(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            let text = std::fs::read_to_string(&path).expect("a source is text");
            found.push((path, text));
        }
    }
}

#[test]
fn no_error_has_a_field_that_kotlin_cannot_have_and_no_row_has_bytes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    sources(&root, &mut all);
    for (path, text) in &all {
        let errors =
            text.split("uniffi::Error").skip(1).map(|rest| rest.split("\n}\n").next().unwrap_or(rest));
        for error in errors {
            assert!(!error.contains(" message:"), "{}: an error's field called `message`", path.display());
        }
        if path.starts_with(root.join("rows")) || path.ends_with("forms.rs") {
            assert!(!text.contains("Vec<u8>"), "{}: bytes in a record that screens compare", path.display());
        }
    }
}

#[test]
fn the_one_public_error_has_at_most_eight_variants() {
    let text = include_str!("../src/error.rs");
    let body = text.split("pub enum DutylogError {").nth(1).and_then(|rest| rest.split("\n}\n").next());
    let variants = body.expect("the error").matches("#[error(").count();
    assert!((1..=8).contains(&variants), "{variants}");
}
