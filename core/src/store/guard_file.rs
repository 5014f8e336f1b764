//! The guard's file. Layout: magic, two slots authenticated by the key store and written in turn, one slot overwritten after each
//! commit, at the latest before the next, without waiting for the disk and protected by a checksum only.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

use super::error::{At, StoreError};
use super::files::{beside, sync_folder};
use super::guard::{Found, Mark};
use crate::base::{ChainId, Digest};
use crate::log::KeyStore;

const MAGIC: &[u8; 8] = b"dlguard1";
/// A mark: 16 + 16 + 8 + 32 bytes.
const MARK: usize = 72;
/// A mark and 32 bytes that vouch for it.
const SLOT: usize = MARK + 32;
const LENGTH: usize = MAGIC.len() + 3 * SLOT;
/// The name under which the key store authenticates.
const NAME: &str = "guard";

/// The open file.
#[derive(Debug)]
pub(super) struct GuardFile {
    file: File,
    /// The authenticated slot to write next.
    turn: usize,
}

fn offset(slot: usize) -> usize {
    MAGIC.len() + slot * SLOT
}

fn encode(mark: &Mark) -> [u8; MARK] {
    let mut bytes = [0; MARK];
    bytes[..16].copy_from_slice(&mark.install);
    bytes[16..32].copy_from_slice(&mark.chain.0);
    bytes[32..40].copy_from_slice(&mark.seq.to_be_bytes());
    bytes[40..].copy_from_slice(&mark.tail.0);
    bytes
}

fn decode(bytes: &[u8]) -> Option<Mark> {
    let (install, rest) = bytes.split_first_chunk()?;
    let (chain, rest) = rest.split_first_chunk()?;
    let (seq, tail) = rest.split_first_chunk()?;
    Some(Mark {
        install: *install,
        chain: ChainId(*chain),
        seq: u64::from_be_bytes(*seq),
        tail: Digest::from_slice(tail)?,
    })
}

fn checksum(mark: &[u8]) -> Digest {
    Digest::tagged("dutylog/guard/v1", mark)
}

/// The mark in a slot, if `vouch` gives what follows it.
fn slot(
    bytes: &[u8],
    n: usize,
    vouch: impl Fn(&[u8]) -> Result<Digest, StoreError>,
) -> Result<Option<Mark>, StoreError> {
    let Some((mark, proof)) = bytes.get(offset(n)..offset(n) + SLOT).map(|s| s.split_at(MARK)) else {
        return Ok(None);
    };
    Ok(if vouch(mark)?.0 == proof { decode(mark) } else { None })
}

/// Reads the guard of a database. An authenticated slot says that this installation wrote the file; the fast one may be ahead of it.
///
/// With it, the authenticated slot to write next: the other one holds what was found. A guard that says exactly what the database does
/// and was not yet put in its place is put there: the process was killed while a chain was begun.
pub(super) fn read(
    database: &Path,
    newest: Option<&Mark>,
    keys: &dyn KeyStore,
) -> Result<(Found, usize), StoreError> {
    let (path, new) = (beside(database, "guard"), beside(database, "guard-new"));
    if let (Found::Mark(mark), _) = read_file(&new, keys)?
        && newest == Some(&mark)
    {
        std::fs::rename(&new, &path).at("replacing", &path)?;
        sync_folder(database)?;
    }
    read_file(&path, keys)
}

fn read_file(path: &Path, keys: &dyn KeyStore) -> Result<(Found, usize), StoreError> {
    let mut bytes = Vec::new();
    match File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((Found::Missing, 0)),
        file => file.and_then(|f| f.take(LENGTH as u64).read_to_end(&mut bytes)).at("reading", path)?,
    };
    if !bytes.starts_with(MAGIC) {
        return Ok((Found::Foreign, 0));
    }
    let mac = |mark: &[u8]| keys.mac(NAME, mark).map_err(StoreError::from);
    let slots = [slot(&bytes, 0, mac)?, slot(&bytes, 1, mac)?];
    let turn = usize::from(slots[0].map(|m| m.seq) > slots[1].map(|m| m.seq));
    let proven = slots.into_iter().flatten();
    let fast = slot(&bytes, 2, |mark| Ok(checksum(mark)))?;
    let newest = proven.max_by_key(|m| m.seq).map(|proven| match fast {
        Some(fast) if fast.chain == proven.chain && fast.seq > proven.seq => fast,
        _ => proven,
    });
    Ok((newest.map_or(Found::Foreign, Found::Mark), turn))
}

impl GuardFile {
    /// Writes the guard that a chain will have, beside the present one: before the chain is begun, so that no chain is ever without.
    pub(super) fn prepare(database: &Path, mark: &Mark, keys: &dyn KeyStore) -> Result<(), StoreError> {
        let new = beside(database, "guard-new");
        let mark = encode(mark);
        let mut bytes = MAGIC.to_vec();
        for proof in [keys.mac(NAME, &mark)?, Digest::default(), checksum(&mark)] {
            bytes.extend_from_slice(&mark);
            bytes.extend_from_slice(&proof.0);
        }
        let written = File::create(&new).and_then(|mut f| f.write_all(&bytes).and_then(|()| f.sync_all()));
        written.at("writing", &new)
    }

    /// Begins the guard of a chain; whatever was there is replaced as a whole.
    pub(super) fn begin(database: &Path, mark: &Mark, keys: &dyn KeyStore) -> Result<Self, StoreError> {
        Self::prepare(database, mark, keys)?;
        let (path, new) = (beside(database, "guard"), beside(database, "guard-new"));
        std::fs::rename(&new, &path).at("replacing", &path)?;
        sync_folder(database)?;
        let file = OpenOptions::new().write(true).open(&path).at("opening", &path)?;
        Ok(Self { file, turn: 1 })
    }

    /// Goes on in the file that was read, which says just this.
    pub(super) fn resume(database: &Path, turn: usize) -> Result<Self, StoreError> {
        let path = beside(database, "guard");
        let file = OpenOptions::new().write(true).open(&path).at("opening", &path)?;
        Ok(Self { file, turn })
    }

    /// Notes an entry, without waiting for the disk: between commits, so that it lags by one at most.
    pub(super) fn note(&mut self, mark: &Mark) -> std::io::Result<()> {
        let mark = encode(mark);
        self.put(2, &mark, checksum(&mark))
    }

    /// Notes an entry so that it survives a power cut and proves which installation wrote it.
    pub(super) fn secure(&mut self, mark: &Mark, keys: &dyn KeyStore) -> Result<(), StoreError> {
        let mark = encode(mark);
        let proof = keys.mac(NAME, &mark)?;
        let written = self.put(self.turn, &mark, proof).and_then(|()| self.file.sync_data());
        written.at("writing", Path::new("the guard"))?;
        self.turn = 1 - self.turn;
        Ok(())
    }

    fn put(&mut self, slot: usize, mark: &[u8; MARK], proof: Digest) -> std::io::Result<()> {
        let mut bytes = [0; SLOT];
        bytes[..MARK].copy_from_slice(mark);
        bytes[MARK..].copy_from_slice(&proof.0);
        write_at(&mut self.file, &bytes, offset(slot) as u64)
    }
}

#[cfg(unix)]
fn write_at(file: &mut File, bytes: &[u8], offset: u64) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(not(unix))]
fn write_at(file: &mut File, bytes: &[u8], offset: u64) -> std::io::Result<()> {
    use std::io::{Seek, SeekFrom};
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(bytes)
}
