//! Doing under the site's lock what was judged before.

use dutylog_core::base::{KeyId, Millis};
use dutylog_core::log::Segment;

use super::admit::{self, Admission};
use super::refusal::Refusal;
use crate::ledger::{Appended, Aside, LedgerError, Placed, Reason, SiteWriter, append, append_header};

/// An outcome whose receipt is not signed yet.
pub(super) enum Verdict {
    Placed(Placed, u32),
    Refused(Refusal),
}

/// Appends, puts aside, or refuses one segment.
pub(super) async fn enact(
    writer: &mut dyn SiteWriter,
    admission: Admission,
    carrier: KeyId,
    now: Millis,
) -> Result<Verdict, LedgerError> {
    match admission {
        Admission::Refuse(refusal) => Ok(Verdict::Refused(refusal)),
        Admission::SetAside { segment, reason } => put_aside(writer, *segment, reason, carrier, now).await,
        Admission::Append(proven) => {
            let opaque = u32::try_from(admit::opaque(proven.entries())).unwrap_or(u32::MAX);
            let appended = append(writer, &proven, now).await?;
            settle(writer, appended, proven.segment(), opaque, carrier, now).await
        }
        Admission::AwaitBody { segment, genesis } => {
            let appended = append_header(writer, &segment, &genesis, carrier, now).await?;
            settle(writer, appended, &segment, 0, carrier, now).await
        }
    }
}

async fn settle(
    writer: &mut dyn SiteWriter,
    appended: Appended,
    segment: &Segment,
    opaque: u32,
    carrier: KeyId,
    now: Millis,
) -> Result<Verdict, LedgerError> {
    match appended {
        Appended::Placed(placed) => Ok(Verdict::Placed(placed, opaque)),
        Appended::Gap { have } => Ok(Verdict::Refused(Refusal::Gap { have })),
        Appended::Awaited => Ok(Verdict::Refused(refusal(segment, Reason::AwaitsBody))),
        Appended::Broken => put_aside(writer, segment.clone(), Reason::BrokenLink, carrier, now).await,
    }
}

async fn put_aside(
    writer: &mut dyn SiteWriter,
    segment: Segment,
    reason: Reason,
    carrier: KeyId,
    now: Millis,
) -> Result<Verdict, LedgerError> {
    let refusal = refusal(&segment, reason);
    writer.set_aside(Aside { segment, reason, carrier, received: now }).await?;
    Ok(Verdict::Refused(refusal))
}

fn refusal(segment: &Segment, reason: Reason) -> Refusal {
    let header = &segment.header;
    Refusal::of(reason, header.first, header.last(), header.count)
}
