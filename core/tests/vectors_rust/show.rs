//! What was read, in the words of the vector files: the `meaning` beside the bytes.

use dutylog_core::base::{ChainId, OrgId, ServerSample};
use dutylog_core::log::{
    Checkpoint, Cite, Claims, ClockEvidence, Entry, Head, Header, Op, Receipt, Role, SiteRoot, Statement,
};
use dutylog_core::records::Member;
use serde_json::json;

use super::json::{Json, show_value, to_hex};

fn bytes(bytes: impl AsRef<[u8]>) -> Json {
    to_hex(bytes.as_ref()).into()
}

fn maybe<T>(some: Option<T>, show: impl FnOnce(T) -> Json) -> Json {
    some.map_or(Json::Null, show)
}

pub(super) fn claims(claims: &Claims) -> Json {
    let role = match claims.role {
        Role::Issuing => 1,
        Role::ServerLog => 2,
        Role::Headquarters => 3,
        Role::Phone => 4,
        Role::Person => 5,
    };
    json!({
        "v": 1, "org": bytes(claims.org.0), "site": maybe(claims.site, |s| bytes(s.0)), "role": role,
        "subject": bytes(claims.subject), "holder": maybe(claims.holder, bytes), "suite": 1,
        "public_key": bytes(claims.key.0), "issued_ms": claims.issued, "provisional": claims.provisional,
    })
}

pub(super) fn entry(entry: &Entry) -> Json {
    json!({
        "seq": entry.seq, "t_ms": entry.at, "boot": bytes(entry.boot.0),
        "author": maybe(entry.author, |a| bytes(a.0)), "session": entry.session,
        "records": entry.records.iter().map(|r| bytes(r.0)).collect::<Json>(),
        "kind": entry.kind, "ops": bytes(&entry.ops), "statement": maybe(entry.statement.as_ref(), bytes),
    })
}

pub(super) fn ops(ops: &[Op]) -> Json {
    ops.iter().map(op).collect()
}

fn op(op: &Op) -> Json {
    match op {
        Op::Write { record, field, member, value, cites } => json!({ "write": {
            "record": record, "field": field.0, "member": show_member(member), "value": show_value(value),
            "cites": cites.iter().map(cite).collect::<Json>(),
        }}),
        Op::Add { record, field, value } => {
            json!({ "add": { "record": record, "field": field.0, "value": show_value(value) } })
        }
    }
}

fn show_member(member: &Member) -> Json {
    match member {
        Member::Whole => Json::Null,
        Member::Number(n) => (*n).into(),
        Member::Id(id) => json!({ "hex": to_hex(id) }),
    }
}

fn cite(cite: &Cite) -> Json {
    json!({ "chain": bytes(cite.chain.0), "seq": cite.seq, "mark": bytes(cite.mark) })
}

pub(super) fn header(header: &Header) -> Json {
    json!({
        "v": 1, "org": bytes(header.org.0), "site": bytes(header.site.0), "chain": bytes(header.chain.0),
        "first": header.first, "count": header.count, "prev": bytes(header.prev.0), "clock": clock(&header.clock),
        "cfg": maybe(header.config, |c| json!({ "chain": bytes(c.chain.0), "seq": c.seq })),
        "ckpt": maybe(header.checkpoint, site_root), "seen": header.seen.iter().map(seen).collect::<Json>(),
        "root": bytes(header.root.0),
    })
}

fn seen((chain, head): &(ChainId, Head)) -> Json {
    json!({ "chain": bytes(chain.0), "seq": head.seq, "segment": bytes(head.segment.0) })
}

fn site_root(at: SiteRoot) -> Json {
    json!({ "size": at.size, "root": bytes(at.root.0) })
}

fn clock(clock: &ClockEvidence) -> Json {
    json!({
        "wall_ms": clock.wall, "tz_min": clock.zone, "hlc_ms": clock.hlc, "hlc_ctr": clock.hlc_counter,
        "mono_ms": clock.mono, "boot": bytes(clock.boot.0), "quality": clock.quality as u8,
        "sample": maybe(clock.sample, sample),
    })
}

fn sample(s: ServerSample) -> Json {
    json!({ "server_ms": s.server, "mono_ms": s.mono, "rtt_ms": s.rtt, "boot": bytes(s.boot.0) })
}

pub(super) fn receipt(org: OrgId, receipt: &Receipt) -> Json {
    json!({
        "v": 1, "org": bytes(org.0), "site": bytes(receipt.site.0), "epoch": receipt.epoch,
        "chain": bytes(receipt.chain.0), "seq": receipt.head.seq, "segment": bytes(receipt.head.segment.0),
        "size": receipt.log.size, "root": bytes(receipt.log.root.0), "recv_ms": receipt.received,
    })
}

pub(super) fn checkpoint(org: OrgId, checkpoint: &Checkpoint) -> Json {
    json!({
        "v": 1, "org": bytes(org.0), "site": bytes(checkpoint.site.0), "epoch": checkpoint.epoch,
        "size": checkpoint.log.size, "root": bytes(checkpoint.log.root.0), "time_ms": checkpoint.at,
    })
}

pub(super) fn statement(purpose: &str, statement: &Statement) -> Json {
    json!({
        "v": 1, "purpose": purpose, "digest": bytes(statement.digest.0), "chain": bytes(statement.chain.0),
        "seq": statement.seq, "details": show_value(&statement.details),
    })
}
