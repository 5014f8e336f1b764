//! Lines of the log as pages show them: what each entry says, when it was made as far as that can be shown, and where the proof is.

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::base::RecordId;
use dutylog_core::locales::{breach_text, clock_wrong_text};
use dutylog_core::log::{Entry, EntryRef, Quality};
use dutylog_core::records::RecordKind;
use dutylog_core::records::calendar::Date;
use dutylog_core::records::checklist::{CHECKLIST, Checklist};
use dutylog_core::records::round::STARTED;

use super::log::{LogDay, LogLine};
use super::{OpenSite, address};
use crate::app::AppState;
use crate::console::parts::{Badge, Link, Source, Tone};
use crate::console::saying::Sayer;
use crate::console::words::{capitalised, hex, short};
use crate::http::problem::Problem;
use crate::views::{Family, Line, Outcome, Said, SignatureCheck, Standing, Times, breach_of};

impl OpenSite {
    /// Lines with what each entry says, read from the log itself.
    pub(in crate::console) async fn lines(
        &self,
        state: &AppState,
        lines: &[&Line],
    ) -> Result<Vec<LogDay>, Problem> {
        let entries = self.entries(state, lines).await?;
        let rounds = lines.iter().filter(|l| l.family == Family::Rounds).filter_map(|l| l.record);
        let checklists = self.checklists(state, rounds.collect()).await?;
        let sayer = Sayer { words: &self.words, board: &self.board, checklists: &checklists };
        let detail = |line: &Line| entries.get(&line.by).map(|e| sayer.line(e)).unwrap_or_default();
        let date = |line: &Line| self.words.zone().date(line.times.claimed);
        let days = lines.chunk_by(|a, b| date(a) == date(b)).map(|of_day| {
            let day = of_day.first().and_then(|line| date(line));
            LogDay {
                date: day.map(|d| d.to_string()).unwrap_or_default(),
                lines: of_day.iter().map(|line| self.line(line, day, detail(line))).collect(),
            }
        });
        Ok(days.collect())
    }

    /// The entries behind some lines. Each segment is read once.
    async fn entries(&self, state: &AppState, lines: &[&Line]) -> Result<BTreeMap<EntryRef, Entry>, Problem> {
        let positions: BTreeSet<u64> = lines.iter().map(|line| line.mark.position).collect();
        let mut entries = BTreeMap::new();
        for position in positions {
            let page = state.api.ledger().page(self.scope, position, 1).await;
            let page = page.map_err(|error| Problem::internal(&error))?;
            let Some(stored) = page.into_iter().find(|s| s.place.position == position) else { continue };
            for line in lines.iter().filter(|line| line.mark.position == position) {
                let bytes = usize::try_from(line.mark.n).ok().and_then(|n| stored.segment.entries.get(n));
                if let Some(entry) = bytes.and_then(|bytes| Entry::from_bytes(bytes).ok()) {
                    entries.insert(line.by, entry);
                }
            }
        }
        Ok(entries)
    }

    /// The checklists that rounds were begun with.
    pub(in crate::console) async fn checklists(
        &self,
        state: &AppState,
        rounds: BTreeSet<RecordId>,
    ) -> Result<BTreeMap<RecordId, Checklist>, Problem> {
        let mut versions: BTreeMap<RecordId, Vec<Checklist>> = BTreeMap::new();
        let mut found = BTreeMap::new();
        for round in rounds {
            let Some(record) = state.views.record(self.scope, round).await? else { continue };
            let Some(started) = record.get(STARTED) else { continue };
            if let std::collections::btree_map::Entry::Vacant(unread) = versions.entry(started.checklist) {
                let held = state.views.record(self.scope, started.checklist).await?;
                let all = held.map(|h| h.added(CHECKLIST).into_iter().map(|a| a.value).collect());
                unread.insert(all.unwrap_or_default());
            }
            let of_round =
                versions[&started.checklist].iter().find(|c| c.version == started.checklist_version);
            found.extend(of_round.map(|checklist| (round, checklist.clone())));
        }
        Ok(found)
    }

    fn line(&self, line: &Line, day: Option<Date>, detail: String) -> LogLine {
        let kind = line.kind.map_or_else(|| self.t("kind-unknown"), |kind| self.words.of(&kind));
        let moment = |at| self.words.moment_on(day, at);
        LogLine {
            tone: tone(line),
            what: capitalised(&kind),
            detail,
            record: self.record_link(line),
            who: self.who(line.author),
            claimed: moment(line.times.claimed),
            bracket: (line.times.not_before.map(moment), moment(line.times.not_after)),
            // A time to be trusted needs no word.
            quality: Some(self.clock(&line.times)).filter(|badge| badge.tone != Tone::Good),
            position: line.mark.position,
            problem: self.problem(&line.outcome),
            href: self.entry_href(line.by),
        }
    }

    /// A person, or the phone alone.
    pub(in crate::console) fn who(&self, author: Option<dutylog_core::base::PersonId>) -> String {
        author.map_or_else(|| self.t("device-alone"), |person| self.words.person(person))
    }

    /// How far a claimed time can be trusted.
    pub(in crate::console) fn quality(&self, quality: Quality) -> Badge {
        let tone = match quality {
            Quality::Sampled => Tone::Good,
            Quality::Rebooted => Tone::Plain,
            Quality::Moved => Tone::Late,
            Quality::Unchecked => Tone::Unknown,
        };
        Badge::new(tone, self.words.of(&quality))
    }

    /// How far the times of an entry can be trusted, and by how much its phone's clock was wrong if that can be told.
    pub(in crate::console) fn clock(&self, times: &Times) -> Badge {
        let trusted = self.quality(times.quality);
        let wrong = clock_wrong_text(times.claimed.saturating_sub(times.best), self.words.locale());
        match wrong {
            Some(wrong) => Badge::new(Tone::Late, format!("{} · {wrong}", self.words.of(&times.quality))),
            None => trusted,
        }
    }

    /// Why an entry does not count; none if it does.
    pub(in crate::console) fn problem(&self, outcome: &Outcome) -> Option<Badge> {
        let (tone, key) = match outcome.standing {
            Standing::Counts => return None,
            Standing::Opaque => (Tone::Unknown, "standing-opaque"),
            Standing::Refused => (Tone::Bad, "standing-refused"),
            Standing::Held => (Tone::Late, "standing-held"),
            Standing::Waits => (Tone::Awaited, "standing-waits"),
        };
        let why = breach_of(&outcome.reason).map(|breach| breach_text(breach, self.words.locale()));
        let word = self.t(key);
        let colon = self.words.pick("：", ": ");
        Some(Badge::new(tone, why.map_or_else(|| word.clone(), |why| format!("{word}{colon}{why}"))))
    }

    /// What checking a person's signature came to.
    pub(in crate::console) fn check(&self, check: SignatureCheck) -> Badge {
        match (check.valid, check.provisional) {
            (true, false) => Badge::new(Tone::Good, self.t("signature-good")),
            (true, true) => Badge::new(Tone::Late, self.t("signature-provisional")),
            (false, _) => Badge::new(Tone::Bad, self.t("signature-bad")),
        }
    }

    /// The page of an entry.
    pub(in crate::console) fn entry_href(&self, by: EntryRef) -> String {
        format!("{}/entries/{}/{}/{}", address(self.scope.site()), by.chain, by.seq, hex(&by.leaf.mark()))
    }

    /// Where a value comes from.
    pub(in crate::console) fn source<T>(&self, said: &Said<T>) -> Source {
        Source {
            who: self.who(said.author),
            when: self.words.moment(said.times.map_or(0, |times| times.claimed)),
            href: said.by.map_or_else(String::new, |by| self.entry_href(by)),
        }
    }

    /// The page of a record; none for kinds that have no page of their own.
    pub(in crate::console) fn record_href(
        &self,
        record: RecordId,
        kind: Option<RecordKind>,
    ) -> Option<String> {
        let path = match kind? {
            RecordKind::Round => "rounds",
            RecordKind::Incident => "incidents",
            RecordKind::Handover => "handovers",
            _ => return None,
        };
        Some(format!("{}/{path}/{record}", self.address()))
    }

    fn record_link(&self, line: &Line) -> Option<Link> {
        let (record, kind) = (line.record?, line.kind?.record_kind()?);
        let href = self.record_href(record, Some(kind))?;
        Some(Link::new(href, format!("{} {}", self.words.of(&kind), short(&record.to_string()))))
    }
}

fn tone(line: &Line) -> Tone {
    match (line.outcome.standing, line.family) {
        (Standing::Refused | Standing::Held, _) => Tone::Bad,
        (Standing::Opaque | Standing::Waits, _) => Tone::Late,
        (Standing::Counts, Family::Incidents) => Tone::Info,
        (Standing::Counts, Family::Handovers) => Tone::Good,
        _ => Tone::Plain,
    }
}
