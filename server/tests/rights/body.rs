//! What a caller sends so that it would take effect, if it may: bodies in order in themselves, with codes that are good.

use std::sync::atomic::{AtomicU8, Ordering};

use dutylog_core::base::{PersonId, SiteId};
use dutylog_core::sync::{CONTENT_TYPE, Request};
use dutylog_server::clock::{Clock as _, SystemClock};
use dutylog_server::enrolment::code_digest;
use dutylog_server::ledger::{Code, Enrols, SiteScope};

use crate::caller::Caller;
use crate::console::{PASSWORD, World};
use crate::phone::asking;
use crate::stage::Stage;

/// What everybody's password becomes.
pub(crate) const NEW_PASSWORD: &str = "another long enough passphrase";
/// Who is enrolled by a code.
const NEWCOMER: PersonId = PersonId([0x77; 16]);

/// A request's body.
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    pub(crate) kind: &'static str,
}

/// A number that no other code or phone of the run has.
fn fresh() -> u8 {
    static NEXT: AtomicU8 = AtomicU8::new(100);
    NEXT.fetch_add(1, Ordering::SeqCst)
}

/// A code that is good at a site.
pub(crate) async fn code(world: &World, site: SiteId, enrols: Enrols) -> [u8; 16] {
    let scope = SiteScope::enter(site, &*world.parts.keys).expect("every site");
    let code = [fresh(); 16];
    let known = Code { digest: code_digest(&code), enrols, expires: SystemClock.now_ms() + 600_000 };
    world.parts.ledger().add_code(scope, known).await.expect("a code");
    code
}

impl Body {
    fn form(token: &str, fields: &[(&str, &str)]) -> Self {
        let all: Vec<_> = [("form_token", token)].iter().chain(fields).copied().collect();
        let bytes = serde_urlencoded::to_string(all).expect("a form").into_bytes();
        Self { bytes, kind: "application/x-www-form-urlencoded" }
    }

    fn message(bytes: Vec<u8>) -> Self {
        Self { bytes, kind: CONTENT_TYPE }
    }

    /// The body for a row of the table.
    pub(crate) async fn of(stage: &Stage, caller: &Caller, row: &str, path: &str, token: &str) -> Self {
        match row {
            "/login" => Self::login(caller, token),
            "/setup" => {
                Self::form(token, &[("token", "0"), ("name", "x"), ("password", "x"), ("repeat", "x")])
            }
            "/account" => {
                let fields = [("current", PASSWORD), ("password", NEW_PASSWORD), ("repeat", NEW_PASSWORD)];
                Self::form(token, &fields)
            }
            "/accounts" => Self::form(token, &NEW_ACCOUNT),
            "/logout" => Self::form(token, &[]),
            "/v1/enrol" => {
                let code = code(&stage.world, stage.site, Enrols::Phone).await;
                Self::message(asking(code, fresh()).0)
            }
            "/v1/dropbox/{site}" => Self::message(stage.courier.bundle(fresh())),
            "/v1/sites/{site}/sync" => Self::message(Request::default().to_bytes()),
            "/v1/sites/{site}/people" => Self::message(newcomer(&stage.world, caller, path).await),
            "/sites/{site}/forks/{fork}" => {
                Self::form(token, &[("cause", "2"), ("own", ""), ("note", "seen")])
            }
            _ => Self::form(token, &[("act", "comment"), ("text", "seen")]),
        }
    }

    /// With the right name and password. Whoever is signed in already comes with a form of another browser.
    fn login(caller: &Caller, token: &str) -> Self {
        let token = if matches!(caller, Caller::Nobody) { token } else { "0000" };
        Self::form(token, &[("name", "hq"), ("password", PASSWORD), ("next", "/")])
    }
}

/// What an administrator fills in for another account.
const NEW_ACCOUNT: [(&str, &str); 6] = [
    ("change", "add"),
    ("name", "newcomer"),
    ("display_name", "新人"),
    ("staff_number", ""),
    ("role", "hq"),
    ("scope", "all"),
];

/// A person who comes to a phone, with a code of the site that the path names, if it exists.
async fn newcomer(world: &World, caller: &Caller, path: &str) -> Vec<u8> {
    let Caller::Phone(phone) = caller else { return b"x".to_vec() };
    let named = path.split('/').find_map(|part| part.parse().ok());
    let code = match named.filter(|site| *site == phone.site) {
        Some(site) => code(world, site, Enrols::Person(NEWCOMER)).await,
        None => [0; 16],
    };
    phone.asking_for(NEWCOMER, code)
}
