//! What the demonstration's phones recorded, exported and given to the independent program that verifies logs: it shares no line with
//! ours but the prose both were written from.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use dutylog_core::base::{ChainId, OrgId, SiteId};
use dutylog_core::log::{PublicKey, Segment, Trust};
use dutylog_core::sync::bundle::{Imported, import};
use serde_json::{Value as Json, json};

use crate::program::FIVE_DAYS;

const SITES: [&str; 3] = ["qingshiling", "baiyunao", "yunhe"];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> [u8; 32] {
    let digit =
        |two: &[u8]| u8::from_str_radix(std::str::from_utf8(two).expect("ASCII"), 16).expect("digits");
    let bytes: Vec<u8> = text.as_bytes().chunks(2).map(digit).collect();
    bytes.try_into().expect("a key")
}

/// Exports a site's log; gives the file's bytes and the root key that the program names.
fn export(site: &str, to: &Path) -> (Vec<u8>, PublicKey) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dutylog-server"));
    let command = command.env_clear().arg("--data-dir").arg(FIVE_DAYS.server());
    let exported = command.args(["export", "--site", site, "--to"]).arg(to).output().expect("runs");
    let said = String::from_utf8_lossy(&exported.stdout).into_owned();
    assert!(exported.status.success(), "{said}{}", String::from_utf8_lossy(&exported.stderr));
    let root = said.rsplit_once("--root ").expect("the root key").1.trim();
    (std::fs::read(to).expect("the file"), PublicKey(unhex(root)))
}

/// The exported file in the form that the independent program reads. Nothing is left out and nothing is judged: it is for that program to
/// say which envelope is good.
fn document(file: &[u8], root: PublicKey) -> Json {
    let part = |at: usize| <[u8; 16]>::try_from(&file[at..at + 16]).expect("sixteen bytes");
    let (org, site) = (OrgId(part(8)), SiteId(part(24)));
    let mut trust = Trust::new(org, root);
    let read = import(file, site, &trust).expect("a whole file");
    read.certificates.iter().for_each(|bytes| drop(trust.add(bytes).expect("issuers first").clone()));
    let all = |envelopes: Vec<&[u8]>| envelopes.into_iter().map(hex).collect::<Json>();
    json!({
        "org": hex(&org.0), "root_key": hex(&root.0),
        "certificates": all(read.certificates.iter().map(Vec::as_slice).collect()),
        "site_log": read.arrivals.iter().map(|a| hex(&a.segment.header.id().0)).collect::<Json>(),
        "receipts": all(read.receipts.iter().map(|(_, bytes)| bytes.as_slice()).collect()),
        "checkpoints": all(read.checkpoints.iter().map(|(_, bytes)| bytes.as_slice()).collect()),
        "chains": chains(&read, site, &trust),
    })
}

fn chains(read: &Imported, site: SiteId, trust: &Trust) -> Json {
    let mut chains: BTreeMap<ChainId, Vec<&Segment>> = BTreeMap::new();
    read.arrivals.iter().for_each(|a| chains.entry(a.segment.header.chain).or_default().push(&a.segment));
    let segment = |segment: &&Segment| {
        let envelope = segment.envelope().expect("an exported segment has its signature").to_bytes();
        json!({ "envelope": hex(&envelope), "entries": segment.entries.iter().map(|e| hex(e)).collect::<Json>() })
    };
    let chain = |(chain, segments): (&ChainId, &Vec<&Segment>)| {
        json!({
            "site": hex(&site.0), "chain": hex(&chain.0),
            "device_certificate": hex(&trust.get(segments[0].key).expect("its certificate").bytes),
            "segments": segments.iter().map(segment).collect::<Json>(),
        })
    };
    chains.iter().map(chain).collect()
}

fn verify(file: &Path, document: &Json) -> (bool, String) {
    std::fs::write(file, document.to_string()).expect("written");
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/tests/vectors/make_vectors.py");
    let judged = Command::new("python3").arg(program).arg("verify").arg(file).output();
    let judged = judged.expect("these tests need Python 3.11 or newer on the PATH");
    (judged.status.success(), [&judged.stdout[..], &judged.stderr[..]].map(String::from_utf8_lossy).concat())
}

#[test]
fn an_independent_program_verifies_every_log_of_the_demonstration_whole() {
    let folder = tempfile::tempdir().expect("folder");
    for site in SITES {
        let (file, root) = export(site, &folder.path().join(format!("{site}.dutylog")));
        let document = document(&file, root);
        let (good, said) = verify(&folder.path().join("log.json"), &document);
        let segments = document["site_log"].as_array().expect("a list").len();
        assert!(
            good && said.starts_with("good: ") && said.contains(&format!("{segments} segments")),
            "{said}"
        );
        assert!(said.contains(" 1 checkpoints") && !said.contains(" 0 statements"), "{said}");

        // Not by being lenient: without one segment it is no whole log.
        let mut torn = document;
        torn["site_log"].as_array_mut().expect("a list").pop();
        let (good, said) = verify(&folder.path().join("torn.json"), &torn);
        assert!(!good && said.starts_with("bad: "), "{said}");
    }
}
