//! The description of the API is the one that was reviewed.

use dutylog_server::api::openapi;

#[test]
fn the_api_is_described_as_reviewed() {
    let now = openapi().to_pretty_json().expect("JSON") + "\n";
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");
    if std::env::var_os("DUTYLOG_REVIEWED").is_some() {
        std::fs::write(file, &now).expect("written");
    }
    let reviewed = std::fs::read_to_string(file).expect("the reviewed description");
    assert_eq!(now, reviewed, "review the change, then run this test with DUTYLOG_REVIEWED=1");
}
