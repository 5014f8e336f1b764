//! Sync, without input or output of its own: `docs/sync-protocol.md` is the definition, this module its implementation.
//!
//! - [`SyncSession`] is the phone's side: it yields requests and takes answers, over whatever carries them.
//! - [`serve`] is the pure half of the server's side.
//! - [`Frame`] and [`FrameWriter`] are how segments travel, [`mod@verify`] tells what of them is proven, [`auth`] who asks.
//! - [`bundle`] is the same for exchange without any network, [`crate::snapshot`] for a phone that holds nothing yet.
//!
//! # A whole conversation
//!
//! A phone has sealed a segment that nobody else has seen. One request later the server holds it and the phone has the receipt.
//!
//! ```
//! # use std::{collections::BTreeMap, convert::Infallible};
//! # use dutylog_core::base::*;
//! # use dutylog_core::log::*;
//! # use dutylog_core::sync::{auth::{Asked, Authorization}, serve::{self, Answer, Page}, *};
//! # struct Zeros;
//! # impl Entropy for Zeros { fn fill(&mut self, buffer: &mut [u8]) { buffer.fill(1); } }
//! # let (org, site, chain) = (OrgId([1; 16]), SiteId([2; 16]), ChainId([3; 16]));
//! # let [root, issuing, server_key] = [1, 2, 3].map(|n| SecretKey::from_seed([n; 32]));
//! # let claims = |role, site, key| Claims {
//! #     org, site, role, subject: [7; 16], holder: None, key, issued: 0, provisional: false,
//! # };
//! # let issue = |claims: Claims, id, key: &SecretKey| claims.issue(id, |m| Ok::<_, SealError>(key.sign(m))).unwrap();
//! # let mut trust = Trust::new(org, root.public());
//! # let by_root = issue(claims(Role::Issuing, None, issuing.public()), root.public().root_id(), &root);
//! # trust.add(&by_root.bytes).unwrap();
//! # let log_key = issue(claims(Role::ServerLog, None, server_key.public()), by_root.id(), &issuing);
//! # trust.add(&log_key.bytes).unwrap();
//! # let keys = SoftKeys::new([1; 32], Box::new(Zeros), BTreeMap::new());
//! # let device = claims(Role::Phone, Some(site), keys.create("device", None).unwrap());
//! # let device = issue(device, by_root.id(), &issuing);
//! # trust.add(&device.bytes).unwrap();
//! # let boot = BootId([4; 8]);
//! # let now = Reading { wall: 1_790_000_000_000, zone: 480, mono: 5_000, boot };
//! # let clock = ClockEvidence { wall: now.wall, zone: 480, hlc: now.wall, hlc_counter: 0, mono: 5_000, boot,
//! #     quality: Quality::Unchecked, sample: None };
//! # let header = Header { org, site, chain, first: 1, count: 1, prev: genesis(&device, site, chain), clock,
//! #     config: None, checkpoint: None, seen: vec![], root: Digest::default(), beyond: vec![] };
//! # let entry = Entry { seq: 1, at: now.wall, boot, author: None, session: 0, records: vec![], kind: 1,
//! #     ops: encode_ops(&[]), statement: None, beyond: vec![] };
//! # let segment = Segment::seal(header, device.id(), vec![entry.to_bytes()], |m| keys.sign("device", None, m)).unwrap();
//! // The phone: what it holds, and a session over it.
//! let mut phone = MemoryLog::new();
//! phone.append(segment);
//! let mut session = SyncSession::new(SyncConfig {
//!     org,
//!     site,
//!     origin: "https://duty.example".into(),
//!     key_name: "device".into(),
//!     key: device.id(),
//!     trust: trust.clone(),
//!     nonce: Some([9; 8]),
//! });
//! let Step::Http(request) = session.next(&mut phone, &keys, &mut Zeros, now)? else { panic!("nothing to ask") };
//!
//! // The server: who asks, and what is proven of what was sent.
//! let (_, said) = &request.headers[0];
//! let said = Authorization::from_header(said).unwrap();
//! let asked = Asked {
//!     method: request.method,
//!     path: &request.path,
//!     site,
//!     body: &request.body,
//!     origin: "https://duty.example",
//! };
//! asked.verify(&said, trust.get(said.key).unwrap())?;
//! let received = serve::receive(&request.body, site, &trust)?;
//! assert_eq!((received.segments.len(), received.outcomes.len()), (1, 0));
//!
//! // It stores the segment at position 0, and only then signs a receipt.
//! let stored = &received.segments[0];
//! let log = SiteRoot { size: 1, root: merkle::root(&[merkle::site_leaf(0, &stored.header.id())]) };
//! let receipt = Receipt { site, epoch: 1, chain, head: stored.header.head(), log, received: 1_790_000_000_500 };
//! let Ok(envelope) = receipt.sign(org, log_key.id(), |m| Ok::<_, Infallible>(server_key.sign(m)));
//! let answer = Answer {
//!     epoch: 1,
//!     time: 1_790_000_000_500,
//!     nonce: [8; 8],
//!     now: log,
//!     end: log,
//!     page: Some(serve::page(&received, said.key, &trust, &received.segments)),
//!     receipts: vec![(receipt, envelope)],
//!     outcomes: vec![],
//!     heads: vec![],
//!     backup: None,
//!     restored: None,
//! };
//! assert_eq!(answer.unsigned(&received), None, "the receipt covers the end of the page");
//! let response = answer.respond(&received, None)?.to_bytes();
//!
//! // The phone again.
//! session.on_response(request.id, 200, vec![], response, now);
//! let Step::Done(report) = session.next(&mut phone, &keys, &mut Zeros, now)? else { panic!("not done") };
//! assert_eq!((report.end, report.receipts, report.round_trips), (End::CaughtUp, 1, 1));
//! assert!(phone.unsent()?.is_empty());
//! assert_eq!(phone.pulled()?.peaks.root(), log.root);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

pub mod auth;
pub mod bundle;
pub mod enrol;
pub mod frame;
mod message;
mod receipts;
pub mod serve;
mod session;
pub mod verify;
pub mod wire;

pub use frame::{Fit, Frame, FrameError, FrameWriter, Item, Signatures};
pub use message::{Nonce, OLDEST, Outcome, OutcomeKind, Request, Response, ShortReceipt, VERSION, Wishes};
pub use receipts::Known;
pub use session::{
    Alarm, Begun, CONTENT_TYPE, End, Failure, HttpRequest, PATIENCE_MS, Problem, Report, SNAPSHOT_TYPE, Step,
    SyncConfig, SyncError, SyncSession, snapshot_path, sync_path,
};
pub use verify::{Cause, Checked, Fault};
pub use wire::WireError;

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "tests")]
mod tests;
