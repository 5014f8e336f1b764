//! The columns of what is alike for long: who acted, and which entries carry no statement.

use std::collections::BTreeMap;

use super::number::{Cursor, put};
use super::{Frame, PackError};
use crate::base::{BootId, PersonId, Seq};
use crate::log::entry::Entry;

/// Who acted, in which session and boot: alike for long runs.
type Who = (Option<PersonId>, Seq, BootId);

pub(super) fn pack_who(out: &mut Vec<u8>, frame: Frame, entries: &[Entry]) {
    let who = |e: &Entry| -> Who { (e.author, e.session, e.boot) };
    for run in entries.chunk_by(|a, b| who(a) == who(b)) {
        let (author, session, boot) = who(&run[0]);
        put(out, run.len() as u64);
        match author {
            Some(person) => {
                out.push(1);
                out.extend_from_slice(&person.0);
            }
            None => out.push(0),
        }
        put(out, session);
        if boot == frame.boot {
            out.push(0);
        } else {
            out.push(1);
            out.extend_from_slice(&boot.0);
        }
    }
}

pub(super) fn unpack_who(column: &mut Cursor<'_>, frame: Frame, count: usize) -> Result<Vec<Who>, PackError> {
    let mut whos = Vec::with_capacity(count);
    while whos.len() < count {
        let run = column.len()?;
        if run == 0 || run > count - whos.len() {
            return Err(PackError("a run of the wrong length"));
        }
        let author = if column.flag()? { Some(PersonId(column.fixed()?)) } else { None };
        let session = column.seq()?;
        let boot = if column.flag()? { BootId(column.fixed()?) } else { frame.boot };
        whos.extend(std::iter::repeat_n((author, session, boot), run));
    }
    Ok(whos)
}

pub(super) fn pack_statements(out: &mut Vec<u8>, entries: &[Entry]) {
    let mut without = 0;
    for entry in entries {
        let Some(statement) = &entry.statement else {
            without += 1;
            continue;
        };
        put(out, without);
        put(out, statement.len() as u64);
        out.extend_from_slice(statement);
        without = 0;
    }
    if without > 0 {
        put(out, without);
    }
}

pub(super) fn unpack_statements(
    column: &mut Cursor<'_>,
    count: usize,
) -> Result<BTreeMap<usize, Vec<u8>>, PackError> {
    let mut statements = BTreeMap::new();
    let mut at = 0;
    while at < count {
        at = at.saturating_add(column.len()?);
        if at < count {
            let len = column.len()?;
            statements.insert(at, column.take(len)?.to_vec());
            at += 1;
        } else if at > count {
            return Err(PackError("a run of the wrong length"));
        }
    }
    Ok(statements)
}
