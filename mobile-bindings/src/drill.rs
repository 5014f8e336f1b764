//! A panic on request, in the middle of the core's work: how the tests of the phone packages prove that an app outlives one.
//!
//! It is asked for by what a host's key store throws, so that nothing is added to the surface and every generated file is the same with it.

#[cfg(not(debug_assertions))]
compile_error!("the feature `drill` is for tests: a phone's library is built without it");

/// What a key store's `Failed` has to give as its reason.
const PANIC: &str = "drill: panic";

/// Panics if that was asked for.
pub(crate) fn obey(reason: &str) {
    assert_ne!(reason, PANIC, "as the drill asked");
}
