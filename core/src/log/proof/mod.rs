//! Proofs, `docs/log-format.md` section 10: one entry, or a fork, in a file that needs nothing but the organisation's root key.

mod error;
mod shown;
#[cfg(test)]
mod tests;

use super::certificate::Trust;
use super::codec::{CodecError, Reader, Writer};
use super::merkle::{climb, site_leaf};
use super::receipt::Receipt;
use super::seal::PublicKey;
use crate::base::{Digest, OrgId};

pub use error::ProofError;
pub use shown::{Proven, Shown};

/// What a proof's file begins with: its name and the version of its form.
const MAGIC: &[u8; 8] = b"DUTYPRF\x01";

/// A proof, as it is handed out. Nothing in it is true until [`Proof::verify`] has said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The organisation it speaks of.
    pub org: OrgId,
    /// The certificates that it leans on, issuers first.
    pub certificates: Vec<Vec<u8>>,
    /// What it shows.
    pub claim: Claim,
}

/// What a proof shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// One entry, and that the server holds it.
    Entry {
        /// The entry.
        shown: Shown,
        /// The receipt of its segment.
        receipt: Vec<u8>,
        /// The path from the segment to the root of the site's log that ends with it.
        path: Vec<Digest>,
    },
    /// Two different entries of one number in one chain.
    Fork([Shown; 2]),
}

/// What a good proof has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proved {
    /// One entry, and the server's promise to hold it.
    Entry(Box<Proven>, Receipt),
    /// Two different entries of one number in one chain.
    Fork(Box<[Proven; 2]>),
}

impl Proof {
    /// Whether a file says that it is a proof.
    #[must_use]
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// The bytes of the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(4).uint(1).bytes(&self.org.0).array(self.certificates.len());
        for certificate in &self.certificates {
            w.bytes(certificate);
        }
        match &self.claim {
            Claim::Entry { shown, receipt, path } => {
                w.array(4).uint(1);
                shown.write(&mut w);
                w.bytes(receipt);
                write_path(&mut w, path);
            }
            Claim::Fork(branches) => {
                w.array(3).uint(2);
                branches.iter().for_each(|shown| shown.write(&mut w));
            }
        }
        [&MAGIC[..], &w.finish()].concat()
    }

    /// Reads a file; nothing is verified yet.
    ///
    /// # Errors
    /// [`ProofError::NotAProof`] or [`ProofError::Form`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ProofError> {
        let body = bytes.strip_prefix(MAGIC).ok_or(ProofError::NotAProof)?;
        Ok(Self::read(&mut Reader::new(body)?)?)
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, CodecError> {
        r.array(4)?;
        if r.uint()? != 1 {
            return Err(CodecError::Shape { what: "a proof of version 1" });
        }
        let org = OrgId(r.fixed()?);
        let certificates = r.list(|r| r.bytes().map(<[u8]>::to_vec))?;
        let claim = match (r.any_array()?, r.uint()?) {
            (4, 1) => {
                Claim::Entry { shown: Shown::read(r)?, receipt: r.bytes()?.to_vec(), path: read_path(r)? }
            }
            (3, 2) => Claim::Fork([Shown::read(r)?, Shown::read(r)?]),
            _ => return Err(CodecError::Shape { what: "an entry or a fork" }),
        };
        Ok(Self { org, certificates, claim })
    }

    /// Verifies it, from the organisation's root key alone.
    ///
    /// # Errors
    /// [`ProofError`]: the first thing that is wrong.
    pub fn verify(&self, root: PublicKey) -> Result<Proved, ProofError> {
        let mut trust = Trust::new(self.org, root);
        for certificate in &self.certificates {
            trust.add(certificate).map_err(ProofError::Certificate)?;
        }
        match &self.claim {
            Claim::Entry { shown, receipt, path } => {
                let entry = shown.prove(&trust)?;
                let receipt = Receipt::verify(receipt, &trust).map_err(ProofError::Receipt)?;
                held(&entry, &receipt, path)?;
                Ok(Proved::Entry(Box::new(entry), receipt))
            }
            Claim::Fork([one, other]) => {
                let branches = [one.prove(&trust)?, other.prove(&trust)?];
                let [one, other] = &branches;
                match one.place() == other.place() && one.leaf != other.leaf {
                    true => Ok(Proved::Fork(Box::new(branches))),
                    false => Err(ProofError::NoFork),
                }
            }
        }
    }
}

/// Checks that a receipt is that of an entry's segment, and that the segment is the last of the log that it speaks of.
fn held(entry: &Proven, receipt: &Receipt, path: &[Digest]) -> Result<(), ProofError> {
    let header = &entry.header;
    if (receipt.site, receipt.chain, receipt.head) != (header.site, header.chain, header.head()) {
        return Err(ProofError::OtherReceipt);
    }
    let (size, position) = (receipt.log.size, receipt.log.size - 1);
    let root = climb(site_leaf(position, &receipt.head.segment), position, size, path);
    if root == Some(receipt.log.root) { Ok(()) } else { Err(ProofError::NotInLog) }
}

fn write_path(w: &mut Writer, path: &[Digest]) {
    w.array(path.len());
    for hash in path {
        w.bytes(&hash.0);
    }
}

fn read_path(r: &mut Reader<'_>) -> Result<Vec<Digest>, CodecError> {
    r.list(|r| r.fixed().map(Digest))
}
