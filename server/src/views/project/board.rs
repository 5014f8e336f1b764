//! Writes the site's board whenever HQ has written something.

use dutylog_core::base::{DeviceId, Digest, KeyId, PersonId, RecordId};
use dutylog_core::log::{Certificate, Role};
use dutylog_core::records::Bilingual;
use dutylog_core::records::config::ConfigView;
use dutylog_core::records::rules::RuleId;
use sqlx::SqliteConnection;

use super::mind::Mind;
use crate::views::ViewError;
use crate::views::board::{Board, PhoneCard, PlanVersion};

/// Writes the board.
pub(super) async fn write(mind: &Mind, db: &mut SqliteConnection) -> Result<(), ViewError> {
    let text = serde_json::to_string(&board(mind)).map_err(|e| ViewError::damaged(e.to_string()))?;
    sqlx::query("UPDATE view_sites SET board = $2 WHERE site = $1")
        .bind(mind.scope.site().0.to_vec())
        .bind(text)
        .execute(db)
        .await?;
    Ok(())
}

fn board(mind: &Mind) -> Board {
    let view = mind.knowledge.now();
    let site = view.site();
    let person = |(id, p): (PersonId, &dutylog_core::records::people::Person)| {
        (id.to_string(), (p.name.clone(), p.staff_number.clone()))
    };
    Board {
        name: site.map(|s| pair(&s.name)).unwrap_or_default(),
        time_zone: site.map(|s| s.time_zone.clone()).unwrap_or_default(),
        report_minutes: view.rules().value(RuleId::MajorReport),
        people: view.people().map(person).collect(),
        posts: view.posts().map(|(id, post)| (id.to_string(), pair(&post.name))).collect(),
        checkpoints: view.checkpoints().map(|(_, c)| (c.number, pair(&c.name))).collect(),
        shifts: site
            .map(|s| s.shifts.iter().map(|shift| (shift.key.clone(), pair(&shift.name))).collect())
            .unwrap_or_default(),
        plans: plans(mind),
        graces: mind.history.graces().collect(),
        phones: phones(mind, &view),
    }
}

fn pair(text: &Bilingual) -> (String, String) {
    (text.zh.clone(), text.en.clone())
}

fn plans(mind: &Mind) -> Vec<PlanVersion> {
    let version = |(id, since, plan): (RecordId, _, &dutylog_core::records::round::RoundPlan)| PlanVersion {
        plan: id.0,
        since,
        name: pair(&plan.name),
        post: plan.post.0,
        times: plan.times.clone(),
        window_minutes: plan.window_minutes,
        grace_minutes: plan.grace_minutes,
        active: plan.active,
    };
    mind.history.plans().map(version).collect()
}

fn phones(mind: &Mind, view: &ConfigView<'_>) -> Vec<PhoneCard> {
    // Those that the log carries: a certificate counts for everybody once HQ has written it down.
    let certified = |bytes: &[u8]| mind.knowledge.trust().get(KeyId(Digest::of(bytes).mark()));
    let ours = |c: &&Certificate| c.claims.site == Some(mind.scope.site());
    let certificates: Vec<_> =
        view.certificates().filter_map(|(_, c)| certified(&c.0)).filter(ours).collect();
    let mut phones: Vec<_> = certificates
        .iter()
        .filter(|c| c.claims.role == Role::Phone)
        .map(|c| PhoneCard { label: label(mind, c), ..phone(c, &certificates, view) })
        .collect();
    phones.sort_by_key(|p| (p.device, p.issued));
    phones.dedup_by_key(|p| p.device);
    phones
}

fn label(mind: &Mind, phone: &Certificate) -> String {
    mind.history.label(DeviceId(phone.claims.subject)).unwrap_or_default().to_owned()
}

fn phone(phone: &Certificate, all: &[&Certificate], view: &ConfigView<'_>) -> PhoneCard {
    let device = phone.claims.subject;
    let keeps = |c: &&&Certificate| c.claims.role == Role::Person && c.claims.holder == Some(device);
    let mut people: Vec<_> = all.iter().filter(keeps).map(|c| c.claims.subject).collect();
    people.sort_unstable();
    people.dedup();
    let revocation = view.revocation(RecordId(device));
    let holds = |g: &dutylog_core::records::people::Grant| people.binary_search(&g.person.0).is_ok();
    PhoneCard {
        device,
        label: String::new(),
        issued: phone.claims.issued,
        gone: revocation.is_some(),
        written_off: revocation.is_some_and(|r| r.written_off == Some(true)),
        posts: view.grants().filter(|(_, g)| holds(g)).map(|(_, g)| (g.post.0, g.from, g.until)).collect(),
        people,
    }
}
