//! A segment's header, written as its difference from what its line expects.

use super::FrameError;
use super::columns::{Columns, Cursors};
use super::line::{Line, form};
use crate::base::{BootId, ChainId, Digest, OrgId, ServerSample, SiteId, Value};
use crate::log::pack::{Cursor, PackError, put, put_signed};
use crate::log::{
    ConfigCite, Head, Header, MAX_SEEN, MAX_SEGMENT, Quality, SiteRoot, decode_value, encode_value,
};

/// Which parts must be written. `root` says that the receiver cannot compute the root from the entries.
pub(super) fn differences(line: &Line, header: &Header, root: bool) -> u64 {
    let (clock, last) = (&header.clock, &line.clock);
    [
        (form::FIRST, header.first != line.next),
        (form::PREV, Some(header.prev) != line.prev),
        (form::ROOT, root),
        (form::ZONE, clock.zone != last.zone),
        (form::HLC, clock.hlc != clock.wall || clock.hlc_counter != 0),
        (form::BOOT, clock.boot != last.boot),
        (form::QUALITY, clock.quality != last.quality),
        (form::SAMPLE, clock.sample != last.sample),
        (form::CONFIG, header.config != line.config),
        (form::CHECKPOINT, header.checkpoint != line.checkpoint),
        (form::SEEN, header.seen != line.seen),
        (form::BEYOND, !header.beyond.is_empty()),
    ]
    .into_iter()
    .filter(|(_, differs)| *differs)
    .fold(0, |mask, (bit, _)| mask | bit)
}

/// Writes the header's parts that `mask` names, and those that always are.
pub(super) fn write(columns: &mut Columns, line: &Line, header: &Header, mask: u64) {
    let clock = &header.clock;
    put(&mut columns.count, header.count.into());
    put_signed(&mut columns.wall, clock.wall.wrapping_sub(line.wall));
    let steps = (clock.mono.wrapping_sub(line.clock.mono), clock.wall.wrapping_sub(line.clock.wall));
    put_signed(&mut columns.mono, steps.0.wrapping_sub(steps.1));
    let out = &mut columns.extras;
    let has = |bit| mask & bit != 0;
    if has(form::FIRST) {
        put(out, header.first);
    }
    if has(form::PREV) {
        out.extend_from_slice(&header.prev.0);
    }
    if has(form::ROOT) {
        out.extend_from_slice(&header.root.0);
    }
    if has(form::ZONE) {
        put_signed(out, clock.zone.into());
    }
    if has(form::HLC) {
        put_signed(out, clock.hlc.wrapping_sub(clock.wall));
        put(out, clock.hlc_counter.into());
    }
    if has(form::BOOT) {
        out.extend_from_slice(&clock.boot.0);
    }
    if has(form::QUALITY) {
        put(out, clock.quality as u64);
    }
    if has(form::SAMPLE) {
        write_sample(out, clock.sample.as_ref(), &clock.boot);
    }
    if has(form::CONFIG) {
        optional(out, header.config.as_ref(), |out, cite| {
            out.extend_from_slice(&cite.chain.0);
            put(out, cite.seq);
        });
    }
    if has(form::CHECKPOINT) {
        optional(out, header.checkpoint.as_ref(), |out, at| {
            put(out, at.size);
            out.extend_from_slice(&at.root.0);
        });
    }
    if has(form::SEEN) {
        put(out, header.seen.len() as u64);
        for (chain, head) in &header.seen {
            out.extend_from_slice(&chain.0);
            put(out, head.seq);
            out.extend_from_slice(&head.segment.0);
        }
    }
    if has(form::BEYOND) {
        // What a newer version appended to the header, as one canonical array.
        let bytes = encode_value(&Value::List(header.beyond.clone()));
        put(out, bytes.len() as u64);
        out.extend_from_slice(&bytes);
    }
}

fn optional<T>(out: &mut Vec<u8>, value: Option<&T>, write: impl FnOnce(&mut Vec<u8>, &T)) {
    out.push(value.is_some().into());
    if let Some(value) = value {
        write(out, value);
    }
}

fn write_sample(out: &mut Vec<u8>, sample: Option<&ServerSample>, boot: &BootId) {
    optional(out, sample, |out, sample| {
        put_signed(out, sample.server);
        put_signed(out, sample.mono);
        put_signed(out, sample.rtt);
        optional(out, (sample.boot != *boot).then_some(&sample.boot), |out, boot| {
            out.extend_from_slice(&boot.0)
        });
    });
}

/// What a header is to be, save for the root when it is to be computed, and the mask that says so.
pub(super) fn read(
    cursors: &mut Cursors<'_>,
    line: &Line,
    org: OrgId,
    site: SiteId,
) -> Result<(Header, u64), FrameError> {
    let mask = cursors.form.varint()?;
    if mask & !form::ALL != 0 {
        return Err(PackError("a form of a newer version").into());
    }
    let mut header = expected(cursors, line, org, site)?;
    let has = |bit| mask & bit != 0;
    let clock = &mut header.clock;
    let from = &mut cursors.extras;
    if has(form::FIRST) {
        header.first = number(from)?;
    }
    match (has(form::PREV), line.prev) {
        (true, _) => header.prev = Digest(from.fixed()?),
        (false, Some(prev)) => header.prev = prev,
        (false, None) => return Err(PackError("nothing to follow").into()),
    }
    if has(form::ROOT) {
        header.root = Digest(from.fixed()?);
    }
    if has(form::ZONE) {
        clock.zone = i32::try_from(from.signed()?).map_err(|_| PackError("a zone out of range"))?;
    }
    if has(form::HLC) {
        clock.hlc = clock.wall.wrapping_add(from.signed()?);
        clock.hlc_counter = u32::try_from(from.varint()?).map_err(|_| PackError("a counter out of range"))?;
    }
    if has(form::BOOT) {
        clock.boot = BootId(from.fixed()?);
    }
    if has(form::QUALITY) {
        clock.quality = quality(from.varint()?)?;
    }
    if has(form::SAMPLE) {
        clock.sample = read_sample(from, clock.boot)?;
    }
    if has(form::CONFIG) {
        header.config =
            maybe(from, |from| Ok(ConfigCite { chain: ChainId(from.fixed()?), seq: number(from)? }))?;
    }
    if has(form::CHECKPOINT) {
        header.checkpoint =
            maybe(from, |from| Ok(SiteRoot { size: number(from)?, root: Digest(from.fixed()?) }))?;
    }
    if has(form::SEEN) {
        header.seen = read_seen(from)?;
    }
    if has(form::BEYOND) {
        let len = from.len()?;
        header.beyond = match decode_value(from.take(len)?) {
            Ok(Value::List(members)) if !members.is_empty() => members,
            _ => return Err(PackError("an appendix that is no list").into()),
        };
    }
    let last = header.first.checked_add(header.count.into()).is_some_and(|n| i64::try_from(n).is_ok());
    if header.first == 0 || !last {
        Err(PackError("a number out of range").into())
    } else {
        Ok((header, mask))
    }
}

fn expected(cursors: &mut Cursors<'_>, line: &Line, org: OrgId, site: SiteId) -> Result<Header, PackError> {
    let count = cursors.count.len()?;
    if count == 0 || count > MAX_SEGMENT {
        return Err(PackError("a segment of 1 to 256 entries"));
    }
    let mut clock = line.clock;
    clock.wall = line.wall.wrapping_add(cursors.wall.signed()?);
    let step = clock.wall.wrapping_sub(line.clock.wall);
    clock.mono = line.clock.mono.wrapping_add(cursors.mono.signed()?.wrapping_add(step));
    (clock.hlc, clock.hlc_counter) = (clock.wall, 0);
    Ok(Header {
        org,
        site,
        chain: line.chain,
        first: line.next,
        count: u32::try_from(count).map_err(|_| PackError("too many entries"))?,
        prev: Digest::default(),
        clock,
        config: line.config,
        checkpoint: line.checkpoint,
        seen: line.seen.clone(),
        root: Digest::default(),
        beyond: Vec::new(),
    })
}

/// An unsigned number that the log can write.
pub(super) fn number(from: &mut Cursor<'_>) -> Result<u64, PackError> {
    from.varint().and_then(|n| match i64::try_from(n) {
        Ok(_) => Ok(n),
        Err(_) => Err(PackError("a number out of range")),
    })
}

fn maybe<'b, T>(
    from: &mut Cursor<'b>,
    read: impl FnOnce(&mut Cursor<'b>) -> Result<T, PackError>,
) -> Result<Option<T>, PackError> {
    if from.flag()? { read(from).map(Some) } else { Ok(None) }
}

fn quality(code: u64) -> Result<Quality, PackError> {
    match code {
        0 => Ok(Quality::Sampled),
        1 => Ok(Quality::Rebooted),
        2 => Ok(Quality::Moved),
        3 => Ok(Quality::Unchecked),
        _ => Err(PackError("a clock quality of a newer version")),
    }
}

fn read_sample(from: &mut Cursor<'_>, boot: BootId) -> Result<Option<ServerSample>, PackError> {
    maybe(from, |from| {
        Ok(ServerSample {
            server: from.signed()?,
            mono: from.signed()?,
            rtt: from.signed()?,
            boot: maybe(from, |from| from.fixed().map(BootId))?.unwrap_or(boot),
        })
    })
}

fn read_seen(from: &mut Cursor<'_>) -> Result<Vec<(ChainId, Head)>, FrameError> {
    let count = from.len()?;
    if count > MAX_SEEN {
        return Err(FrameError::TooManyHeads);
    }
    (0..count)
        .map(|_| {
            let chain = ChainId(from.fixed()?);
            Ok((chain, Head { seq: number(from)?, segment: Digest(from.fixed()?) }))
        })
        .collect()
}
