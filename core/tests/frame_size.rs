//! How many bytes an entry takes on the wire: a year of one site, sealed at the end of every record.
#![expect(clippy::unwrap_used, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a test")]

use dutylog_core::base::{BootId, ChainId, Digest, KeyId, OrgId, PersonId, SiteId, Value};
use dutylog_core::log::{
    ClockEvidence, Entry, Header, Op, Quality, SecretKey, Segment, derive_record, encode_ops,
};
use dutylog_core::records::{FieldId, Member};
use dutylog_core::sync::{Fit, Frame, FrameWriter, Item, Signatures};

const ORG: OrgId = OrgId([1; 16]);
const SITE: SiteId = SiteId([2; 16]);
const CHAIN: ChainId = ChainId([3; 16]);
const BOOT: BootId = BootId([4; 8]);
const WORDS: &str = "pump valve gate north south east west normal leak pressure oil water level check noted reset alarm door lock \
    light camera fence patrol engine fan belt noise heat smoke cable panel switch breaker meter reading high low steady again later \
    team lead shift night morning guard post radio call report sent held open closed repaired spare part ordered waiting rain wind \
    snow fog clear dry wet floor stairs roof yard road truck visitor badge entry exit window glass broken fixed cleaned painted tank \
    pipe seal filter changed hour minute before after during stopped started running idle";

/// splitmix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn below(&mut self, n: u64) -> i64 {
        (self.next() % n) as i64
    }

    fn text(&mut self, len: usize) -> Value {
        let words: Vec<&str> = WORDS.split_whitespace().collect();
        let mut text = String::new();
        while text.len() < len {
            text.push_str(words[self.below(words.len() as u64) as usize]);
            text.push(' ');
        }
        text.truncate(len);
        Value::Text(text)
    }

    fn line(&mut self) -> Value {
        let len = 8 + self.below(41) as usize;
        self.text(len)
    }
}

/// Records and seals, one record after the other.
struct Phone {
    chance: Chance,
    key: SecretKey,
    at: i64,
    seq: u64,
    prev: Digest,
    open: Vec<Entry>,
    segments: Vec<Segment>,
}

impl Phone {
    fn act(&mut self, kind: u16, ops: &[Op]) {
        self.at += 5_000 + self.chance.below(85_000);
        self.seq += 1;
        let records = match self.open.first() {
            Some(first) => first.records.clone(),
            None => vec![derive_record(CHAIN, self.seq, self.at, BOOT, 0)],
        };
        let author = Some(PersonId([9; 16]));
        let (seq, at, session, ops) = (self.seq, self.at, 1, encode_ops(ops));
        self.open.push(Entry {
            seq,
            at,
            boot: BOOT,
            author,
            session,
            records,
            kind,
            ops,
            statement: None,
            beyond: Vec::new(),
        });
    }

    fn seal(&mut self) {
        let first = &self.open[0];
        let clock = ClockEvidence {
            wall: first.at,
            zone: 480,
            hlc: first.at,
            hlc_counter: 0,
            mono: first.at - 1_700_000_000_000,
            boot: BOOT,
            quality: Quality::Unchecked,
            sample: None,
        };
        let header = Header {
            org: ORG,
            site: SITE,
            chain: CHAIN,
            first: first.seq,
            count: 0,
            prev: self.prev,
            clock,
            config: None,
            checkpoint: None,
            seen: Vec::new(),
            root: Digest::default(),
            beyond: Vec::new(),
        };
        let entries = self.open.drain(..).map(|e| e.to_bytes()).collect();
        let sign = |message: &[u8]| Ok::<_, ()>(self.key.sign(message));
        let segment = Segment::seal(header, KeyId([5; 8]), entries, sign).unwrap();
        self.prev = segment.header.id();
        self.segments.push(segment);
    }

    fn texts(&mut self, fields: std::ops::Range<u16>) -> Vec<Op> {
        let write = |field| write(field, Member::Whole, self.chance.line());
        fields.map(write).collect()
    }

    fn round(&mut self) {
        let ops = self.texts(16..19);
        self.act(16, &ops);
        for item in 1..=25 {
            let reading = (self.chance.below(2) == 0).then(|| self.chance.below(1_000));
            let note = if self.chance.below(20) == 0 { self.chance.text(40) } else { Value::Null };
            let status = Value::Int(i64::from(self.chance.below(20) == 0));
            let result = Value::List(vec![status, reading.into(), note]);
            self.act(17, &[write(33, Member::Number(item), result)]);
        }
        self.seal();
    }

    fn handover(&mut self) {
        let ops = self.texts(64..76);
        self.act(32, &ops);
        for item in 1..=8 {
            let answer = Value::List(vec![Value::Int(self.chance.below(3)), self.chance.text(60)]);
            self.act(33, &[write(80, Member::Number(item), answer)]);
        }
        for _ in 0..2 {
            let signature = (0..8).flat_map(|_| self.chance.next().to_le_bytes()).collect();
            self.act(34, &[Op::Add { record: 0, field: FieldId(81), value: Value::Bytes(signature) }]);
        }
        self.seal();
    }

    fn incident(&mut self) {
        let ops = self.texts(96..106);
        self.act(48, &ops);
        for _ in 0..12 {
            let value = self.chance.text(80);
            self.act(49, &[Op::Add { record: 0, field: FieldId(110), value }]);
        }
        self.seal();
    }
}

fn write(field: u16, member: Member, value: Value) -> Op {
    Op::Write { record: 0, field: FieldId(field), member, value, cites: Vec::new() }
}

fn year() -> Vec<Segment> {
    let mut phone = Phone {
        chance: Chance(42),
        key: SecretKey::from_seed([7; 32]),
        at: 1_780_000_000_000,
        seq: 0,
        prev: Digest([8; 32]),
        open: Vec::new(),
        segments: Vec::new(),
    };
    for day in 0..365 {
        for part in 0..8 {
            phone.round();
            if part == 3 && (day + 1) * 208 / 365 > day * 208 / 365 {
                phone.incident();
            }
            if [2, 5, 7].contains(&part) {
                phone.handover();
            }
        }
    }
    phone.segments
}

/// The frames that carry some segments.
fn frames(segments: &[Segment], signatures: Signatures) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    let mut rest = segments.iter().peekable();
    while rest.peek().is_some() {
        let mut writer = FrameWriter::new(signatures, Some(0));
        while rest.next_if(|segment| writer.segment(segment) == Fit::Taken).is_some() {}
        frames.push(writer.finish());
    }
    frames
}

#[test]
fn a_year_of_history_takes_no_more_than_17_6_bytes_an_entry() {
    let segments = year();
    let entries = segments.iter().map(|s| s.entries.len()).sum::<usize>();
    assert_eq!((entries, segments.len()), (90_669, 4_223));
    let frames = frames(&segments, Signatures::Runs);
    let bytes = frames.iter().map(Vec::len).sum::<usize>();
    eprintln!("{} frames, {:.2} bytes an entry", frames.len(), bytes as f64 / entries as f64);
    let mut back = frames.iter().flat_map(|f| Frame::decode(ORG, SITE, f).unwrap().items);
    for segment in &segments {
        let Some(Item::Segment(got)) = back.next() else { panic!("a segment is missing") };
        assert_eq!((&got.header, &got.entries), (&segment.header, &segment.entries));
    }
    assert!(bytes * 10 <= entries * 176, "{bytes} bytes");
}
