//! One place per outside library: where it is used is where it can be replaced, and where its traps are known.

use super::source::{Source, named_after, sources};

/// A crate's library and the folders or files below `src` that may use it.
type Places = (&'static str, &'static [&'static str]);

const CORE: &[Places] = &[
    ("crdts", &["merge"]),
    ("rusqlite", &["store"]),
    ("minicbor", &["log/codec"]),
    ("coset", &["log"]),
    ("ed25519_dalek", &["log"]),
    ("chacha20poly1305", &["log"]),
    ("hmac", &["log"]),
    ("hkdf", &["log"]),
    ("sha2", &["base/digest.rs", "log"]),
    ("argon2", &["companion/pin.rs"]),
    ("chrono_tz", &["records"]),
    ("zstd", &["sync", "snapshot", "store"]),
    ("serde_json", &["records/site_plan"]),
];

const SERVER: &[Places] = &[
    // The log and what is read from it; accounts are neither, and live in the same file.
    ("sqlx", &["database.rs", "ledger", "views", "accounts", "http/problem", "backup", "verify"]),
    ("axum", &["http", "api", "console", "app"]),
    ("askama", &["console", "http"]),
    ("argon2", &["accounts/password.rs"]),
    ("getrandom", &["entropy.rs"]),
    ("metrics_exporter_prometheus", &["metrics.rs"]),
    ("clap", &["cli", "main.rs"]),
    ("utoipa", &["api"]),
    ("reqwest", &["demo"]),
];

/// Reads what must be handed in: a clock, randomness, the environment, the network, time's passing.
const OUTSIDE_OF_CORE: &[&str] = &[
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "std::env",
    "std::net",
    "thread_rng",
    "getrandom",
    "HashMap",
    "HashSet",
];

/// What the boundary must not bring to a phone: a runtime, a network of its own, a clock, randomness, or code that could break memory.
const OUTSIDE_OF_BINDINGS: &[&str] =
    &["tokio", "reqwest", "std::net", "SystemTime", "Instant::now", "getrandom", "thread_rng", "unsafe"];

/// The switch of planted bugs, which the product's own build does not have.
const NOT_IN_THE_PRODUCT: &str = "base/planted/switch.rs";

fn lies_in(source: &Source, places: &[&str]) -> bool {
    places.iter().any(|place| source.path == *place || source.path.starts_with(&format!("{place}/")))
}

fn check(krate: &str, libraries: &[Places]) {
    let sources = sources(krate);
    for (library, places) in libraries {
        let prefix = format!("{library}::");
        let users: Vec<_> = sources.iter().filter(|s| !named_after(&s.code, &prefix).is_empty()).collect();
        assert!(!users.is_empty(), "{krate}: {library} is named here and used nowhere");
        for user in users {
            assert!(lies_in(user, places), "{krate}/src/{}: {library} belongs in {places:?}", user.path);
        }
    }
}

#[test]
fn libraries_of_core_stay_in_their_places() {
    check("core", CORE);
}

#[test]
fn libraries_of_the_server_stay_in_their_places() {
    check("server", SERVER);
}

#[test]
fn core_is_handed_what_it_knows_of_the_world() {
    for source in sources("core").iter().filter(|source| source.path != NOT_IN_THE_PRODUCT) {
        for outside in OUTSIDE_OF_CORE {
            assert!(!source.code.contains(outside), "core/src/{}: {outside}", source.path);
        }
    }
}

#[test]
fn the_boundary_lives_in_one_crate_and_brings_nothing_of_its_own() {
    for krate in ["core", "server", "tests"] {
        for source in sources(krate) {
            assert!(named_after(&source.code, "uniffi::").is_empty(), "{krate}/src/{}: uniffi", source.path);
        }
    }
    for source in sources("mobile-bindings") {
        for outside in OUTSIDE_OF_BINDINGS {
            assert!(!source.code.contains(outside), "mobile-bindings/src/{}: {outside}", source.path);
        }
    }
}
