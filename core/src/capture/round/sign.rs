//! Signing a finished round: exactly the text that was shown.

use std::collections::BTreeMap;

use super::RoundInHand;
use crate::base::{Digest, Millis, RecordId, Value};
use crate::capture::{Capture, CaptureError, Context, Intent, Rejection};
use crate::locales::{RoundSheet, round_text};
use crate::log::{Purpose, text_digest};
use crate::merge::Lookup;
use crate::records::checklist::NO_CHECKPOINT;
use crate::records::round::{RoundSigned, SIGNED, best_grades};
use crate::records::{Bilingual, Kind, list_value};

/// How long a text that was shown may be signed.
const SHOWN_FOR: Millis = 60 * 60_000;

/// Signs a round that is finished: every required item has an outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignRound {
    /// The round.
    pub round: RecordId,
    /// When the text was shown; it stands in the text.
    pub shown_at: Millis,
    /// The digest of the text that was shown ([`Self::text`]).
    pub shown: Digest,
}
list_value!(SignRound { round, shown_at, shown });

impl SignRound {
    /// The exact text to show, in the context's language, to whoever is signed in.
    ///
    /// # Errors
    /// [`CaptureError`]; what keeps the round from being signed is told here already.
    pub fn text<L: Lookup>(
        ctx: &Context<'_, L>,
        round: RecordId,
        shown_at: Millis,
    ) -> Result<String, CaptureError<L::Error>> {
        let round = RoundInHand::load(ctx, round)?;
        finished(ctx, &round)?;
        Ok(shown_text(ctx, &round, shown_at)?)
    }
}

impl Capture for SignRound {
    fn kind(&self) -> Kind {
        Kind::RoundSigned
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let round = RoundInHand::load(ctx, self.round)?;
        finished(ctx, &round)?;
        let text = text_digest(&shown_text(ctx, &round, self.shown_at)?);
        let fresh = (ctx.now.saturating_sub(SHOWN_FOR)..=ctx.now).contains(&self.shown_at);
        if text != self.shown || !fresh {
            return Err(Rejection::ShownTextChanged.into());
        }
        let signed = RoundSigned { person: ctx.person()?, text, at: self.shown_at };
        let about = Intent::about(self.kind(), self.round).add(SIGNED, &signed);
        Ok(about.signed(Purpose::Round, text, Value::List(Vec::new())).sealing().done())
    }
}

fn finished<L>(ctx: &Context<'_, L>, round: &RoundInHand<'_>) -> Result<(), Rejection> {
    if round.skipped {
        return Err(Rejection::RoundSkipped);
    }
    if round.signed.contains(&ctx.person()?) {
        return Err(Rejection::AlreadySigned);
    }
    let open: Vec<_> = round.findings.open(round.checklist).map(|i| i.text.clone()).collect();
    if !open.is_empty() {
        return Err(Rejection::ItemsOpen { items: open });
    }
    let items = round.checklist.items.iter().filter(|i| round.disputed.contains(&i.number));
    let items: Vec<_> = items.map(|i| i.text.clone()).collect();
    if items.is_empty() { Ok(()) } else { Err(Rejection::ItemsDisputed { items }) }
}

fn shown_text<L>(ctx: &Context<'_, L>, round: &RoundInHand<'_>, at: Millis) -> Result<String, Rejection> {
    let (site, zone) = ctx.site_and_zone()?;
    let stops = round.checklist.checkpoints().into_iter().filter(|n| *n != NO_CHECKPOINT);
    let checkpoints: BTreeMap<u32, Bilingual> = stops.map(|n| (n, ctx.checkpoint_name(n))).collect();
    let sheet = RoundSheet {
        site: &site.name,
        zone,
        plan: round.started.plan.and_then(|p| ctx.config.plan(p)).map(|p| &p.name),
        window: round.started.window,
        started_at: round.started.started_at,
        signed_at: at,
        signer: &ctx.name(ctx.person()?),
        checklist: round.checklist,
        checkpoints: &checkpoints,
        findings: &round.findings,
        grades: &best_grades(&round.reached),
    };
    Ok(round_text(&sheet, ctx.locale))
}
