//! Keys that prove nothing.

use dutylog_core::base::DeviceId;
use dutylog_core::log::{PublicKey, Signature};
use dutylog_core::sync::enrol::EnrolDevice;
use dutylog_server::ledger::Enrols;

use crate::problem;
use crate::support::Server;
use crate::support::phone::Phone;
use crate::support::wire::CONTENT_TYPE;

#[tokio::test]
async fn a_key_that_proves_nothing_is_not_enrolled() {
    let server = Server::start().await;
    let site = server.bare_site(0xa).await;
    let code = server.code(site, Enrols::Phone, 9).await;
    // The identity point: one signature verifies for every message under it.
    let mut identity = [0; 32];
    identity[0] = 1;
    let mut proof = [0; 64];
    proof[0] = 1;
    let asked = EnrolDevice {
        code,
        device: DeviceId([5; 16]),
        key: PublicKey(identity),
        label: "x".into(),
        proof: Signature(proof),
    };
    let got = server.send("/v1/enrol", &[("content-type", CONTENT_TYPE)], asked.to_bytes()).await;
    assert_eq!((got.status, got.code()), (422, "weak_key"));
    let [zh, en] = problem(&got);
    assert_eq!(en, "This key proves nothing. Enrol the device again.");
    assert_eq!(zh, "这个密钥不能证明任何事情。 请重新登记这台设备。");
    // The code is still good: nothing was enrolled with it.
    let (body, _) = Phone::asking(7, code);
    assert_eq!(server.send("/v1/enrol", &[("content-type", CONTENT_TYPE)], body).await.status, 200);
}
