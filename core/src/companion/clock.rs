//! What the clocks proved, kept between runs of the app.

use super::error::CompanionError;
use crate::base::{BootId, Reading, ServerSample};
use crate::commit::ClockWatch;
use crate::log::{CodecError, Reader, Writer};
use crate::store::Store;

const SETTING: &str = "clock";

pub(super) fn load(store: &Store) -> Result<ClockWatch, CompanionError> {
    // One that cannot be read is from a newer version: then nothing is known of the clocks, which is true.
    Ok(store.setting(SETTING)?.and_then(|bytes| read(&bytes).ok()).unwrap_or_default())
}

pub(super) fn save(store: &mut Store, clock: &ClockWatch) -> Result<(), CompanionError> {
    Ok(store.set_setting(SETTING, &write(clock))?)
}

fn write(clock: &ClockWatch) -> Vec<u8> {
    let mut w = Writer::default();
    w.array(5);
    match &clock.last {
        Some(r) => w.array(4).int(r.wall).int(r.zone.into()).int(r.mono).bytes(&r.boot.0),
        None => w.null(),
    };
    match &clock.sample {
        Some(s) => w.array(4).int(s.server).int(s.mono).int(s.rtt).bytes(&s.boot.0),
        None => w.null(),
    };
    w.bool(clock.moved).int(clock.hlc.0).uint(clock.hlc.1.into());
    w.finish()
}

fn read(bytes: &[u8]) -> Result<ClockWatch, CodecError> {
    let mut r = Reader::new(bytes)?;
    r.array(5)?;
    Ok(ClockWatch {
        last: r.maybe(|r| {
            r.array(4)?;
            Ok(Reading { wall: r.int()?, zone: r.small()?, mono: r.int()?, boot: BootId(r.fixed()?) })
        })?,
        sample: r.maybe(|r| {
            r.array(4)?;
            Ok(ServerSample { server: r.int()?, mono: r.int()?, rtt: r.int()?, boot: BootId(r.fixed()?) })
        })?,
        moved: r.bool()?,
        hlc: (r.int()?, r.small()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_clocks_proved_survives() {
        let boot = BootId([3; 8]);
        let full = ClockWatch {
            last: Some(Reading { wall: -1, zone: 480, mono: 5, boot }),
            sample: Some(ServerSample { server: 1, mono: 2, rtt: 3, boot }),
            moved: true,
            hlc: (9, 8),
        };
        for clock in [ClockWatch::default(), full] {
            assert_eq!(read(&write(&clock)), Ok(clock));
        }
    }
}
