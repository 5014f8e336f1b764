//! What a phone records.

use dutylog_core::base::{BootId, Digest, PersonId, RecordId, Seq, Value};
use dutylog_core::log::{
    ClockEvidence, Entry, Header, KeyStore as _, Op, Quality, SealError, Segment, encode_ops,
};
use dutylog_core::records::{FieldId, Member};

use super::super::START_MS;
use super::Phone;

impl Phone {
    pub fn header(&self) -> Header {
        let wall = START_MS + self.mono;
        Header {
            org: self.trust.org,
            site: self.site,
            chain: self.chain,
            first: self.next,
            count: 0,
            prev: self.prev,
            clock: ClockEvidence {
                wall,
                zone: 480,
                hlc: wall,
                hlc_counter: 0,
                mono: self.mono,
                boot: BootId([1; 8]),
                quality: Quality::Unchecked,
                sample: None,
            },
            config: None,
            checkpoint: None,
            seen: Vec::new(),
            root: Digest::default(),
            beyond: Vec::new(),
        }
    }

    /// An entry that any version understands.
    pub fn entry(&self, seq: Seq, note: &str) -> Entry {
        let value = Value::from(note);
        let op = Op::Write { record: 0, field: FieldId(33), member: Member::Number(1), value, cites: vec![] };
        Entry {
            seq,
            at: START_MS + self.mono,
            boot: BootId([1; 8]),
            author: Some(PersonId([9; 16])),
            session: 0,
            records: vec![RecordId([3; 16])],
            kind: 17,
            ops: encode_ops(&[op]),
            statement: None,
            beyond: Vec::new(),
        }
    }

    pub fn sign(&self, header: Header, entries: Vec<Vec<u8>>) -> Segment {
        let sign =
            |message: &[u8]| self.keys.sign("device", None, message).map_err(|_| SealError::BadSignature);
        Segment::seal(header, self.key, entries, sign).expect("signed")
    }

    /// Records and seals so many entries.
    pub fn record(&mut self, entries: u64, note: &str) -> Segment {
        let entries = (self.next..self.next + entries).map(|seq| self.entry(seq, note).to_bytes()).collect();
        let segment = self.sign(self.header(), entries);
        self.keep(&segment);
        segment
    }

    /// Goes on after a segment.
    pub fn keep(&mut self, segment: &Segment) {
        self.log.append(segment.clone());
        self.next = segment.header.last() + 1;
        self.prev = segment.header.id();
        self.mono += 60_000;
    }
}
