//! Hostile and unlucky inputs at the API: each has its answer, and what is good beside it is stored. `server/docs/hostile-inputs.md` has
//! the table.

mod chain;
mod clock;
mod delivery;
mod enrolment;
mod form;
mod newer;
mod revoked;
mod rights;
mod size;
#[path = "../support/mod.rs"]
mod support;

use dutylog_core::base::Seq;
use dutylog_core::locales::{Locale, problem_text};
use dutylog_core::log::{Head, Segment};
use dutylog_core::sync::{Fit, FrameWriter, OutcomeKind, Problem, Request, Signatures};
use dutylog_server::ledger::SiteScope;
use support::Server;
use support::phone::Phone;
use support::wire::Got;

pub(crate) async fn world() -> (Server, SiteScope, Phone) {
    let server = Server::start().await;
    let site = server.bare_site(0xa).await;
    let phone = Phone::enrol(&server, site, 1).await;
    (server, site, phone)
}

pub(crate) fn frame(segments: &[Segment]) -> Vec<u8> {
    let mut writer = FrameWriter::new(Signatures::All, None);
    segments.iter().for_each(|segment| assert_eq!(writer.segment(segment), Fit::Taken));
    writer.finish()
}

pub(crate) fn push(segments: &[Segment]) -> Request {
    Request { max_unpacked: 1 << 20, frame: frame(segments), ..Request::default() }
}

/// The last number held of the phone's chain.
pub(crate) async fn held(server: &Server, site: SiteScope, phone: &Phone) -> Seq {
    let heads = server.running.state.api.ledger().heads(site, Some(&[phone.chain])).await.expect("heads");
    heads.get(&phone.chain).and_then(|heads| heads.iter().map(|head: &Head| head.seq).max()).unwrap_or(0)
}

pub(crate) fn outcomes(got: &Got) -> Vec<(OutcomeKind, Seq, Seq)> {
    got.response().outcomes.iter().map(|o| (o.kind, o.first, o.last)).collect()
}

/// What the phone shows of the first outcome, in Chinese and English: sentence and advice.
pub(crate) fn told(got: &Got) -> [String; 2] {
    let outcome = got.response().outcomes[0];
    let (code, first, last) = (outcome.kind.code().to_owned(), outcome.first, outcome.last);
    let problem = Problem { code, chain: outcome.chain, first, last };
    [Locale::ZhCn, Locale::En].map(|locale| {
        let said = problem_text(&problem, locale);
        format!("{} {}", said.sentence, said.what_to_do)
    })
}

/// What a problem document says, in Chinese and English: sentence and advice.
pub(crate) fn problem(got: &Got) -> [String; 2] {
    let problem = got.problem();
    ["zh", "en"].map(|language| {
        let words = &problem[language];
        let text = |key: &str| words[key].as_str().unwrap_or_else(|| panic!("{key}: {problem}")).to_owned();
        format!("{} {}", text("title"), text("what_to_do"))
    })
}
