//! Whether what an entry carries is what its author signed. A hostile phone can put any text beside a good signature; the
//! digest in the statement decides.

use crate::base::{PersonId, RecordId};
use crate::log::{Entry, HandoverDocument, Op, Purpose, Statement, text_digest};
use crate::records::handover::{DOCUMENT, Decision, Document, HandoverSignature, Role, SIGNATURES};
use crate::records::incident::{CLOSED, Closed};
use crate::records::round::{RoundSigned, SIGNED};
use crate::records::{FieldId, FieldValue, Kind};

/// What an entry's statement must be for; none if it need not carry one.
pub(super) fn purpose(kind: Kind, ops: &[Op]) -> Option<Purpose> {
    let signs = |op: &Op| {
        matches!(op, Op::Write { field, value, .. }
        if *field == CLOSED.id() && Closed::from_value(value).is_some_and(|closed| closed.text.is_some()))
    };
    match kind {
        Kind::SessionOpened => Some(Purpose::Session),
        Kind::RoundSigned => Some(Purpose::Round),
        Kind::HandoverOffered | Kind::HandoverAccepted | Kind::HandoverRefused | Kind::HandoverOneSided => {
            Some(Purpose::Handover)
        }
        Kind::IncidentClosed if ops.iter().any(signs) => Some(Purpose::Incident),
        _ => None,
    }
}

/// Whether everything that an entry carries under its signature is what was signed.
pub(super) fn is_signed(entry: &Entry, kind: Kind, ops: &[Op], statement: &Statement) -> bool {
    ops.iter().all(|op| {
        let (Op::Write { record, field, value, .. } | Op::Add { record, field, value }) = op;
        let record = entry.records.get(usize::from(*record)).copied();
        match *field {
            field if field == SIGNED.id() => {
                RoundSigned::from_value(value).is_some_and(|signed| signed.text == statement.digest)
            }
            field if field == CLOSED.id() => {
                Closed::from_value(value).is_some_and(|closed| closed.text == Some(statement.digest))
            }
            field if field == DOCUMENT.id() => {
                Document::from_value(value).is_some_and(|d| whole(&d, record, entry.author, statement))
            }
            field if field == SIGNATURES.id() => HandoverSignature::from_value(value)
                .is_some_and(|s| says(&s, kind, statement) && s.to == addressed(ops)),
            FieldId(_) => true,
        }
    })
}

/// Whether a handover's document is the one that was signed, is about this record, in this person's name, and names the text beside it.
fn whole(
    document: &Document,
    record: Option<RecordId>,
    author: Option<PersonId>,
    statement: &Statement,
) -> bool {
    let bytes = &document.bytes.0;
    let parsed = HandoverDocument::parse(bytes);
    HandoverDocument::digest(bytes) == statement.digest
        && parsed.is_ok_and(|contents| {
            Some(contents.record) == record
                && Some(contents.from) == author
                && contents.text == text_digest(&document.text.0)
        })
}

/// To whom the document among the operations is addressed, if there is one and it is to one person.
fn addressed(ops: &[Op]) -> Option<PersonId> {
    let documents = ops.iter().filter_map(|op| match op {
        Op::Write { field, value, .. } if *field == DOCUMENT.id() => Document::from_value(value),
        _ => None,
    });
    documents.filter_map(|d| HandoverDocument::parse(&d.bytes.0).ok()?.to).next()
}

/// Whether a signature says what the statement says, for the side and with the decision that this kind of action means.
fn says(signature: &HandoverSignature, kind: Kind, statement: &Statement) -> bool {
    let refuses = signature.decision == Decision::Refuse;
    let meant = match kind {
        Kind::HandoverOffered | Kind::HandoverOneSided => signature.role == Role::Outgoing && !refuses,
        Kind::HandoverAccepted => signature.role == Role::Incoming && !refuses,
        Kind::HandoverRefused => signature.role == Role::Incoming && refuses,
        _ => false,
    };
    let details = statement.details.as_list().unwrap_or_default();
    let said = [signature.role.to_value(), signature.decision.to_value(), signature.remarks.to_value()];
    meant && signature.document == statement.digest && details.starts_with(&said)
}
