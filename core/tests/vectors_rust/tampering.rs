//! Single changes to a good log, none of which may go unnoticed.

use super::json::{Json, text};

/// A change, and what it is.
pub(super) type Change = (&'static str, fn(&mut Json));

/// The changes. Chain 1 is a phone's; every chain has at least three segments of at least two entries.
pub(super) const CHANGES: &[Change] = &[
    ("another organisation", |log| flip(&mut log["org"], 3)),
    ("another root key", |log| flip(&mut log["root_key"], 3)),
    ("a certificate changed", |log| flip_inside(&mut log["certificates"][3], 2)),
    ("a certificate's signature changed", |log| flip_from_end(&mut log["certificates"][3], 20)),
    ("a phone's certificate missing", |log| remove(&mut log["certificates"], 3)),
    ("a person's certificate missing", |log| remove(&mut log["certificates"], 5)),
    ("the issuing certificate missing", |log| remove(&mut log["certificates"], 0)),
    ("an entry changed", |log| flip_from_end(&mut log["chains"][1]["segments"][1]["entries"][0], 1)),
    ("an entry missing", |log| remove(&mut log["chains"][1]["segments"][1]["entries"], 0)),
    ("an entry twice", |log| repeat(&mut log["chains"][1]["segments"][1]["entries"], 0)),
    ("two entries swapped", |log| swap(&mut log["chains"][1]["segments"][1]["entries"], 0, 1)),
    ("a header changed", |log| flip_inside(&mut log["chains"][1]["segments"][1]["envelope"], 2)),
    ("a seal changed", |log| flip_from_end(&mut log["chains"][1]["segments"][1]["envelope"], 20)),
    ("the first segment missing", |log| remove(&mut log["chains"][1]["segments"], 0)),
    ("a segment in the middle missing", |log| remove(&mut log["chains"][1]["segments"], 1)),
    ("the last segment missing", |log| drop_last(&mut log["chains"][1]["segments"])),
    ("a segment twice", |log| repeat(&mut log["chains"][1]["segments"], 1)),
    ("two segments swapped", |log| swap(&mut log["chains"][1]["segments"], 0, 1)),
    ("another device's seal", |log| {
        log["chains"][1]["segments"][0]["envelope"] = log["chains"][2]["segments"][0]["envelope"].take();
    }),
    ("another device's certificate", |log| {
        log["chains"][1]["device_certificate"] = log["chains"][2]["device_certificate"].clone();
    }),
    ("another site", |log| flip(&mut log["chains"][1]["site"], 3)),
    ("another chain", |log| flip(&mut log["chains"][1]["chain"], 3)),
    ("the site's log in another order", |log| swap(&mut log["site_log"], 0, 1)),
    ("a segment missing from the site's log", |log| remove(&mut log["site_log"], 1)),
    ("a segment twice in the site's log", |log| repeat(&mut log["site_log"], 1)),
    ("the site's log cut short", |log| drop_last(&mut log["site_log"])),
    ("a receipt changed", |log| flip_inside(&mut log["receipts"][4], 2)),
    ("a receipt's signature changed", |log| flip_from_end(&mut log["receipts"][4], 20)),
    ("a checkpoint changed", |log| flip_inside(&mut log["checkpoints"][1], 2)),
    ("a receipt for a checkpoint", |log| log["checkpoints"][1] = log["receipts"][0].clone()),
];

/// Changes one hexadecimal digit.
fn flip(json: &mut Json, at: usize) {
    let mut digits = text(json).to_owned();
    let other = if &digits[at..=at] == "0" { "1" } else { "0" };
    digits.replace_range(at..=at, other);
    *json = digits.into();
}

fn flip_from_end(json: &mut Json, from_end: usize) {
    let at = text(json).len() - from_end;
    flip(json, at);
}

/// Changes a digit part of the way through.
fn flip_inside(json: &mut Json, part: usize) {
    let at = text(json).len() / part;
    flip(json, at);
}

fn list(json: &mut Json) -> &mut Vec<Json> {
    json.as_array_mut().expect("a list")
}

fn remove(json: &mut Json, at: usize) {
    list(json).remove(at);
}

fn drop_last(json: &mut Json) {
    list(json).pop().expect("not empty");
}

fn repeat(json: &mut Json, at: usize) {
    let again = list(json)[at].clone();
    list(json).insert(at, again);
}

fn swap(json: &mut Json, a: usize, b: usize) {
    list(json).swap(a, b);
}
