//! What a record looked like at the cut.

use crate::base::Digest;
use crate::log::Writer;
use crate::merge::{Addition, RecordState, Version};
use crate::records::handover::Subject;
use crate::records::{FieldId, Member};

/// What is to be settled in a record, if anything is.
#[must_use]
pub fn unsettled(record: &RecordState) -> Option<Subject> {
    let disputed = record.cells.iter().filter(|(_, register)| register.in_conflict());
    let mut fields: Vec<FieldId> = disputed.map(|((field, _), _)| *field).collect();
    fields.dedup();
    (!fields.is_empty()).then_some(Subject::Conflict { kind: record.summary.kind, fields })
}

/// The digest of all that is held about a record (`docs/log-format.md` 6.1): who wrote which value in which entry. Two holders of the same
/// entries about a record compute the same, in whatever order these arrived.
#[must_use]
pub fn view_hash(record: &RecordState) -> Digest {
    let mut w = Writer::default();
    w.array(3).bytes(&record.id.0).array(record.cells.len());
    for ((field, member), register) in &record.cells {
        write_cell(&mut w, *field, *member, register.versions());
    }
    let mut additions: Vec<_> = record.additions.iter().collect();
    additions.sort_by_key(|a| (a.field, a.by, a.n));
    w.array(additions.len());
    additions.iter().for_each(|a| write_addition(&mut w, a));
    Digest::tagged("dutylog/view/v1", &w.finish())
}

fn write_cell(w: &mut Writer, field: FieldId, member: Member, versions: &[Version]) {
    w.array(3).uint(field.0.into());
    match member {
        Member::Whole => w.null(),
        Member::Number(number) => w.uint(number.into()),
        Member::Id(id) => w.bytes(&id),
    };
    // The branch an entry is on is learnt later than the entry: it has no part in the order.
    let mut versions: Vec<_> = versions.iter().collect();
    versions.sort_by_key(|v| (v.actor.chain, v.seq, v.mark));
    w.array(versions.len());
    for v in versions {
        w.array(4).bytes(&v.actor.chain.0).uint(v.seq).bytes(&v.mark).value(&v.value);
    }
}

fn write_addition(w: &mut Writer, a: &Addition) {
    w.array(5).uint(a.field.0.into()).bytes(&a.by.chain.0).uint(a.by.seq).bytes(&a.by.leaf.mark());
    w.value(&a.value);
}
