//! A capturing process is killed again and again on one database: nothing that it was told is saved is lost, nothing is there twice.
//!
//! `DUTYLOG_KILLS` is how often, `DUTYLOG_SEED` which moments.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use dutylog_tests::capturing::{Capturing, draft};
use dutylog_tests::sim::Dice;

/// Of so many kills one strikes the opening, or what comes right after it.
const OPENINGS: usize = 4;
/// After so many kills everything is checked, not only what is new.
const WHOLE: u64 = 25;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn micros(n: usize) -> Duration {
    Duration::from_micros(n as u64)
}

fn start(folder: &Path) -> Child {
    let mut program = Command::new(env!("CARGO_BIN_EXE_capture"));
    program.arg(folder).stdout(Stdio::piped()).spawn().expect("the program starts")
}

/// Lets the program record until a moment of the dice, and kills it.
fn kill(folder: &Path, dice: &mut Dice) {
    let mut program = start(folder);
    let delay = if dice.below(OPENINGS) == 0 {
        micros(dice.below(25_000))
    } else {
        let mut line = String::new();
        let out = program.stdout.as_mut().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("read");
        assert_eq!(line, "saved\n", "it ended by itself");
        micros(500 + dice.below(39_500))
    };
    // When the kill strikes is the fault itself; nothing below leans on it.
    sleep(delay);
    program.kill().expect("killed");
    program.wait().expect("ended");
}

/// Checks what was said since `from`; returns up to where.
fn check(phone: &Capturing, from: u64) -> u64 {
    let (saved, unanswered) = phone.journal().told();
    let newest = phone.store().newest();
    for (n, (seq, leaf)) in saved.range(from..) {
        let by = phone.entry(*seq, *leaf);
        assert!(*seq <= newest, "action {n} was saved as entry {seq}, and the chain ends at {newest}");
        assert!(phone.store().entry(by).expect("read").is_some(), "action {n}, entry {seq}, is lost");
        assert_eq!(phone.store().committed(draft(*n)).expect("read"), Some(by), "action {n}");
    }
    let answered = u64::try_from(saved.len()).expect("few");
    let unsaid = newest - answered;
    assert!(
        unsaid <= u64::from(unanswered.is_some()),
        "{newest} entries, of which {answered} were asked for"
    );
    answered
}

fn check_whole(phone: &Capturing) {
    assert_eq!(phone.store().check().expect("readable"), []);
}

#[test]
fn a_capturing_process_that_is_killed_loses_nothing_and_doubles_nothing() {
    let (kills, seed) = (number("DUTYLOG_KILLS", 200), number("DUTYLOG_SEED", 1));
    let mut dice = Dice::new(seed);
    let folder = tempfile::tempdir().expect("a folder");
    drop(Capturing::open(folder.path()));
    let mut checked = 0;
    for n in 1..=kills {
        kill(folder.path(), &mut dice);
        let phone = Capturing::open(folder.path());
        checked = check(&phone, checked);
        if n % WHOLE == 0 {
            check_whole(&phone);
        }
    }
    let mut phone = Capturing::open(folder.path());
    phone.seal();
    check_whole(&phone);
    let entries = phone.sealed();
    let numbers: Vec<u64> = entries.iter().map(|(seq, _)| *seq).collect();
    let all: Vec<u64> = (1..=phone.store().newest()).collect();
    assert_eq!(numbers, all, "the chain has a gap");
    let actions: BTreeSet<_> = entries.iter().map(|(_, ops)| ops).collect();
    assert_eq!(actions.len(), entries.len(), "an action is there twice");
    assert!(checked > kills / 2, "too little was recorded to prove anything");
}
