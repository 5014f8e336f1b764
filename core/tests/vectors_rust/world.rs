//! The made-up organisation that the vectors speak of, as a holder of its log knows it.

use std::collections::BTreeMap;
use std::convert::Infallible;

use dutylog_core::base::{Digest, KeyId, OrgId};
use dutylog_core::log::{Header, PublicKey, SecretKey, Signature, Trust, pack::Frame};

use super::json::{Json, family, fixed, hex, list, text};

pub(super) struct World {
    pub(super) org: OrgId,
    pub(super) trust: Trust,
    secrets: BTreeMap<KeyId, SecretKey>,
}

impl World {
    /// All certificates of `certificates.json`, proven from the root key down, and everyone's secret keys.
    pub(super) fn load() -> Self {
        let (keys, certificates) = (family("keys"), family("certificates"));
        let org = OrgId(fixed(&certificates["org"]));
        let root =
            list(&keys["vectors"]).iter().find(|key| key["name"] == "root").expect("there is a root key");
        let mut trust = Trust::new(org, PublicKey(fixed(&root["public_key"])));
        for certificate in list(&certificates["vectors"]) {
            trust.add(&hex(&certificate["envelope"])).expect("a good certificate");
        }
        let secrets = list(&keys["vectors"]).iter();
        let secrets = secrets.map(|k| (KeyId(fixed(&k["kid"])), SecretKey::from_seed(fixed(&k["seed"]))));
        Self { org, trust, secrets: secrets.collect() }
    }

    /// Signs with the key of this name.
    pub(super) fn sign(&self, key: KeyId) -> impl FnOnce(&[u8]) -> Result<Signature, Infallible> + '_ {
        move |message| Ok(self.secrets[&key].sign(message))
    }
}

/// How a certificate is named by what its key signs.
pub(super) fn certified(envelope: &[u8]) -> KeyId {
    KeyId(Digest::of(envelope).mark())
}

/// What packing leans on.
pub(super) fn frame(header: &Header) -> Frame {
    Frame { chain: header.chain, first: header.first, wall: header.clock.wall, boot: header.clock.boot }
}

/// Header and entries of every segment of `segments.json`, by name.
pub(super) fn segments() -> BTreeMap<String, (Header, Vec<Vec<u8>>)> {
    let segments = family("segments");
    let all = list(&segments["chains"]).iter().flat_map(|chain| list(&chain["segments"]));
    all.map(|s| (text(&s["name"]).to_owned(), (header(s), entries(s)))).collect()
}

fn header(segment: &Json) -> Header {
    Header::from_bytes(&hex(&segment["header"])).expect("a good header")
}

pub(super) fn entries(segment: &Json) -> Vec<Vec<u8>> {
    list(&segment["entries"]).iter().map(super::json::expand).collect()
}
