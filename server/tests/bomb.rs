//! How much memory a hostile upload costs: measured on this process, so this file has one test.

#![cfg(target_os = "linux")]

mod support;

use std::io::Write as _;

use dutylog_core::sync::Request;
use support::Server;
use support::phone::Phone;

/// What it may cost beside what the process holds anyway.
const MAY_COST: u64 = 16 << 20;

/// Half a gigabyte of nothing, packed without ever being whole in memory.
fn bomb() -> Vec<u8> {
    let mut packer = zstd::stream::Encoder::new(Vec::new(), 19).expect("a packer");
    let piece = vec![0; 1 << 20];
    (0..512).for_each(|_| packer.write_all(&piece).expect("packs"));
    packer.finish().expect("packs")
}

/// The most memory that this process ever held, in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("the kernel tells");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a peak");
    let kib: u64 = line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).expect("a number");
    kib << 10
}

/// Makes what was held so far no longer count.
fn forget_peak() {
    std::fs::write("/proc/self/clear_refs", "5").expect("the kernel forgets");
}

#[tokio::test]
async fn half_a_gigabyte_in_sixteen_kilobytes_costs_no_more_than_its_limit() {
    let server = Server::start().await;
    let site = server.bare_site(0xa).await;
    let mut phone = Phone::enrol(&server, site, 1).await;
    let bomb = Request { max_unpacked: 1 << 20, frame: bomb(), ..Request::default() };
    assert!(bomb.frame.len() <= 32 << 10, "{} bytes", bomb.frame.len());
    phone.exchange(&server, &Request::default()).await;
    forget_peak();
    let before = peak();
    let got = phone.exchange(&server, &bomb).await;
    let cost = peak().saturating_sub(before);
    assert_eq!((got.status, got.code()), (413, "body_too_large_decompressed"));
    let problem = got.problem();
    assert_eq!(problem["en"]["title"], "This upload unpacks to more than 4 MiB.");
    assert_eq!(problem["zh"]["title"], "上传的内容解压后超过 4 MiB。");
    assert!(cost <= MAY_COST, "{} KiB", cost >> 10);
}
