//! The certificates that some signatures lean on, and no others.

use dutylog_core::base::KeyId;
use dutylog_core::log::Trust;

/// The certificates of these keys and of whoever issued them, issuers first, none twice.
pub(super) fn certificates(trust: &Trust, signers: &[KeyId]) -> Vec<Vec<u8>> {
    let mut all: Vec<KeyId> = Vec::new();
    for signer in signers {
        let mut line = Vec::new();
        let mut at = trust.get(*signer);
        while let Some(certificate) = at {
            line.push(certificate.id());
            at = trust.get(certificate.issuer);
        }
        all.extend(line.into_iter().rev());
    }
    let mut given = std::collections::BTreeSet::new();
    all.retain(|key| given.insert(*key));
    all.iter().filter_map(|key| trust.get(*key)).map(|certificate| certificate.bytes.clone()).collect()
}
