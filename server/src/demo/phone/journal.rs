//! What a phone was told is saved, written down where the phone's database cannot reach it.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use dutylog_core::base::{ChainId, Digest, DraftId, Seq};
use dutylog_core::log::EntryRef;

/// An append-only file with a line for each acknowledged commit: chain, number, leaf, draft.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    newest: Option<(ChainId, Seq)>,
}

impl Journal {
    /// A new journal.
    ///
    /// # Errors
    /// The file's; also if there is one already.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).create_new(true).open(path)?;
        Ok(Self { file, newest: None })
    }

    /// The number of the newest entry of a chain that is written down; 0 if there is none.
    pub(super) fn newest(&self, chain: ChainId) -> Seq {
        self.newest.filter(|(of, _)| *of == chain).map_or(0, |(_, seq)| seq)
    }

    /// Writes an entry down. Entries the phone makes by itself have no draft.
    ///
    /// # Errors
    /// The file's.
    pub(super) fn write(&mut self, by: EntryRef, draft: Option<DraftId>) -> io::Result<()> {
        let draft = draft.map_or_else(|| "-".to_owned(), |draft| draft.to_string());
        let line = format!("{} {} {} {draft}\n", by.chain, by.seq, by.leaf);
        self.newest = Some((by.chain, by.seq));
        self.file.write_all(line.as_bytes())
    }
}

/// Reads a journal back.
///
/// # Errors
/// The file's; a line that is not one of a journal is [`io::ErrorKind::InvalidData`].
pub(in crate::demo) fn read(path: &Path) -> io::Result<Vec<EntryRef>> {
    let text = std::fs::read_to_string(path)?;
    text.lines()
        .map(|line| parse(line).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, line)))
        .collect()
}

fn parse(line: &str) -> Option<EntryRef> {
    let mut parts = line.split(' ');
    let chain = parts.next()?.parse().ok()?;
    let seq = parts.next()?.parse().ok()?;
    let leaf = digest(parts.next()?)?;
    Some(EntryRef { chain, seq, leaf })
}

fn digest(text: &str) -> Option<Digest> {
    let mut bytes = [0; 32];
    let pairs = text.as_bytes().chunks(2);
    if text.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(Digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_back_and_nothing_is_overwritten() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("a.journal");
        let by = |seq| EntryRef { chain: ChainId([3; 16]), seq, leaf: Digest([9; 32]) };
        let mut journal = Journal::create(&path).expect("created");
        journal.write(by(1), None).expect("written");
        journal.write(by(2), Some(DraftId([7; 16]))).expect("written");
        assert_eq!(journal.newest(ChainId([3; 16])), 2);
        assert_eq!(journal.newest(ChainId([4; 16])), 0);
        assert_eq!(read(&path).expect("read"), [by(1), by(2)]);
        assert!(Journal::create(&path).is_err());
    }
}
