//! What can be said of an entry's time: between what its phone had seen and when it was received.

use dutylog_core::base::Millis;
use dutylog_core::log::{ClockEvidence, Entry, Quality};

/// The best that can be said of an entry's time, within what is provable.
pub(super) fn best(
    clock: &ClockEvidence,
    entry: &Entry,
    not_before: Option<Millis>,
    received: Millis,
) -> Millis {
    let estimate = match (clock.quality, clock.sample) {
        (Quality::Sampled, Some(s)) if entry.boot == clock.boot && s.boot == clock.boot => {
            let elapsed = clock.mono.saturating_sub(s.mono);
            s.server.saturating_add(elapsed).saturating_add(entry.at.saturating_sub(clock.wall))
        }
        _ => entry.at,
    };
    estimate.max(not_before.unwrap_or(Millis::MIN)).min(received)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dutylog_core::base::{BootId, ServerSample};

    fn entry(at: Millis) -> Entry {
        Entry {
            seq: 1,
            at,
            boot: BootId([1; 8]),
            author: None,
            session: 0,
            records: vec![],
            kind: 1,
            ops: vec![],
            statement: None,
            beyond: vec![],
        }
    }

    #[test]
    fn the_server_sample_corrects_and_what_is_provable_bounds() {
        let boot = BootId([1; 8]);
        let sample = ServerSample { server: 10_000, mono: 100, rtt: 2, boot };
        let clock = ClockEvidence {
            wall: 500_000,
            zone: 0,
            hlc: 0,
            hlc_counter: 0,
            mono: 1_100,
            boot,
            quality: Quality::Sampled,
            sample: Some(sample),
        };
        assert_eq!(best(&clock, &entry(500_007), None, 99_999), 11_007);
        assert_eq!(best(&clock, &entry(500_007), Some(12_000), 99_999), 12_000);
        let unchecked = ClockEvidence { quality: Quality::Unchecked, sample: None, ..clock };
        assert_eq!(best(&unchecked, &entry(500_007), None, 99_999), 99_999, "not after it was received");
    }
}
