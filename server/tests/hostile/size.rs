//! Too much: on the wire, and unpacked.

use dutylog_core::sync::sync_path;

use crate::{held, problem, push, world};

#[tokio::test]
async fn a_small_body_that_unpacks_to_half_a_gigabyte_stops_at_the_limit() {
    let (server, site, mut phone) = world().await;
    let good = phone.record(2, "x");
    let mut bomb = push(&[]);
    bomb.frame = zstd::bulk::compress(&vec![0; 512 << 20], 3).expect("packs");
    assert!(bomb.frame.len() < 64 << 10, "{}", bomb.frame.len());
    let began = std::time::Instant::now();
    let got = phone.exchange(&server, &bomb).await;
    assert!(began.elapsed().as_secs() < 5, "it stops early");
    assert_eq!((got.status, got.code()), (413, "body_too_large_decompressed"));
    let [zh, en] = problem(&got);
    assert_eq!(en, "This upload unpacks to more than 4 MiB. Send it in smaller parts.");
    assert_eq!(zh, "上传的内容解压后超过 4 MiB。 请分成较小的部分发送。");
    assert_eq!(phone.exchange(&server, &push(&[good])).await.status, 200);
    assert_eq!(held(&server, site, &phone).await, 2);
}

#[tokio::test]
async fn more_bytes_than_a_push_may_have_are_refused_before_they_are_read() {
    let (server, _, mut phone) = world().await;
    let got = phone.post(&server, &sync_path(phone.site), vec![0; (256 << 10) + 1]).await;
    assert_eq!((got.status, got.code()), (413, "body_too_large"));
}

#[tokio::test]
async fn the_limit_is_four_mebibytes_to_the_byte() {
    let (server, _, mut phone) = world().await;
    for (unpacked, too_large) in [(4 << 20, false), ((4 << 20) + 1, true)] {
        let mut request = push(&[]);
        request.frame = zstd::bulk::compress(&vec![0; unpacked], 3).expect("packs");
        let got = phone.exchange(&server, &request).await;
        assert_eq!(got.code() == "body_too_large_decompressed", too_large, "{unpacked}: {}", got.code());
    }
}
