//! Enrolment: how a phone, and a person on a phone, come to have a certified key. `docs/sync-protocol.md`, "Enrolment".

use base64ct::{Base64UrlUnpadded, Encoding};

use crate::base::{DeviceId, Digest, Hasher, Millis, OrgId, PersonId, SiteId};
use crate::log::{CodecError, PublicKey, Reader, SealError, Signature, Writer};

/// What every invitation's text begins with.
const PREFIX: &str = "DUTYLOG1:";

/// Bytes of a label that a phone gives itself.
const MAX_LABEL: usize = 200;

/// What the QR code of an enrolment says: where to go, whom to trust, and the right to come once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The organisation.
    pub org: OrgId,
    /// The site.
    pub site: SiteId,
    /// The organisation's root key: pinned from here on.
    pub root: PublicKey,
    /// The server, such as `https://duty.example.org`.
    pub origin: String,
    /// The one-time code.
    pub code: [u8; 16],
    /// Until when, by the server's clock. Shown; the server decides.
    pub expires: Millis,
}

/// A text that is no invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not an enrolment code of Dutylog")]
pub struct NotAnInvitation;

impl Invitation {
    /// The text of the QR code.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut w = Writer::default();
        w.array(7).uint(1).bytes(&self.org.0).bytes(&self.site.0).bytes(&self.root.0);
        w.text(&self.origin).bytes(&self.code).int(self.expires);
        format!("{PREFIX}{}", Base64UrlUnpadded::encode_string(&w.finish()))
    }

    /// Reads the text of a QR code, or what a person typed or pasted of it.
    ///
    /// # Errors
    /// [`NotAnInvitation`]
    pub fn from_text(text: &str) -> Result<Self, NotAnInvitation> {
        let body = text.trim().strip_prefix(PREFIX).ok_or(NotAnInvitation)?;
        let bytes = Base64UrlUnpadded::decode_vec(body).map_err(|_| NotAnInvitation)?;
        Self::read(&bytes).map_err(|_| NotAnInvitation)
    }

    fn read(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut r = Reader::new(bytes)?;
        r.at_least(7)?;
        if r.uint()? != 1 {
            return Err(CodecError::Shape { what: "an invitation of version 1" });
        }
        Ok(Self {
            org: OrgId(r.fixed()?),
            site: SiteId(r.fixed()?),
            root: PublicKey(r.fixed()?),
            origin: r.text()?.to_owned(),
            code: r.fixed()?,
            expires: r.int()?,
        })
    }
}

/// What a phone asks with its one-time code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolDevice {
    /// The code.
    pub code: [u8; 16],
    /// The phone's identifier, its own random choice.
    pub device: DeviceId,
    /// Its key.
    pub key: PublicKey,
    /// What people call it.
    pub label: String,
    /// Proof that it holds the key: a signature over [`device_proof`].
    pub proof: Signature,
}

/// What a phone asks so that a person can sign in on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolPerson {
    /// Who: chosen from the site's people.
    pub person: PersonId,
    /// The person's one-time code.
    pub code: [u8; 16],
    /// The key that the person's PIN will open.
    pub key: PublicKey,
    /// Proof that the phone holds it: a signature over [`person_proof`].
    pub proof: Signature,
}

/// What the server answers to both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolled {
    /// Whom the new certificate is about: the device or the person.
    pub subject: [u8; 16],
    /// The certificates that prove it, from the issuing key's on; the new one is the last.
    pub certificates: Vec<Vec<u8>>,
}

/// What a phone signs to show that it holds the key it enrols with.
#[must_use]
pub fn device_proof(code: &[u8; 16], device: DeviceId, key: &PublicKey) -> Digest {
    Hasher::tagged("dutylog/enrol-device/v1").with(code).with(&device.0).with(&key.0).finish()
}

/// What is signed to show that the phone holds a person's key.
#[must_use]
pub fn person_proof(person: PersonId, code: &[u8; 16], device: DeviceId, key: &PublicKey) -> Digest {
    Hasher::tagged("dutylog/enrol-person/v1").with(&person.0).with(code).with(&device.0).with(&key.0).finish()
}

/// How people type a person's code: 26 letters and digits in groups, without those that look alike.
#[must_use]
pub fn code_to_text(code: &[u8; 16]) -> String {
    let value = u128::from_be_bytes(*code);
    let digit = |i: u32| char::from(ALPHABET[((value >> (i * 5)) & 31) as usize]);
    let digits: Vec<char> = (0..26).rev().map(digit).collect();
    digits.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// Crockford's base 32.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Reads a code as people type it: in any case, with or without hyphens and blanks, O for 0 and I or L for 1.
///
/// # Errors
/// [`NotAnInvitation`]
pub fn code_from_text(text: &str) -> Result<[u8; 16], NotAnInvitation> {
    let mut value: u128 = 0;
    let mut count = 0;
    for c in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let c = match c.to_ascii_uppercase() {
            'O' => b'0',
            'I' | 'L' => b'1',
            c => u8::try_from(c).map_err(|_| NotAnInvitation)?,
        };
        let digit = ALPHABET.iter().position(|a| *a == c).ok_or(NotAnInvitation)?;
        if count == 26 || value >> 123 != 0 {
            return Err(NotAnInvitation);
        }
        value = value << 5 | digit as u128;
        count += 1;
    }
    if count == 26 { Ok(value.to_be_bytes()) } else { Err(NotAnInvitation) }
}

impl EnrolDevice {
    /// The body of the request.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(6).uint(1).bytes(&self.code).bytes(&self.device.0).bytes(&self.key.0);
        w.text(&self.label).bytes(&self.proof.0);
        w.finish()
    }

    /// Reads the body and checks the proof.
    ///
    /// # Errors
    /// [`SealError`]: the form, a weak key, or a proof that does not hold.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        let mut r = Reader::new(bytes)?;
        r.at_least(6)?;
        version(&mut r)?;
        let asked = Self {
            code: r.fixed()?,
            device: DeviceId(r.fixed()?),
            key: PublicKey(r.fixed()?),
            label: r.text()?.to_owned(),
            proof: Signature(r.fixed()?),
        };
        if asked.label.len() > MAX_LABEL {
            return Err(CodecError::Shape { what: "a label of at most 200 bytes" }.into());
        }
        asked.key.verify(&device_proof(&asked.code, asked.device, &asked.key).0, &asked.proof)?;
        Ok(asked)
    }
}

impl EnrolPerson {
    /// The body of the request.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(5).uint(1).bytes(&self.person.0).bytes(&self.code).bytes(&self.key.0).bytes(&self.proof.0);
        w.finish()
    }

    /// Reads the body and checks the proof for the device that asks.
    ///
    /// # Errors
    /// [`SealError`]: the form, a weak key, or a proof that does not hold.
    pub fn from_bytes(bytes: &[u8], device: DeviceId) -> Result<Self, SealError> {
        let mut r = Reader::new(bytes)?;
        r.at_least(5)?;
        version(&mut r)?;
        let asked = Self {
            person: PersonId(r.fixed()?),
            code: r.fixed()?,
            key: PublicKey(r.fixed()?),
            proof: Signature(r.fixed()?),
        };
        asked.key.verify(&person_proof(asked.person, &asked.code, device, &asked.key).0, &asked.proof)?;
        Ok(asked)
    }
}

impl Enrolled {
    /// The body of the answer.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(3).uint(1).bytes(&self.subject).array(self.certificates.len());
        for certificate in &self.certificates {
            w.bytes(certificate);
        }
        w.finish()
    }

    /// Reads the body of the answer. Whether its certificates are true is for [`crate::log::Trust`] to say.
    ///
    /// # Errors
    /// [`CodecError`], as for a page of another network that answers everything.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut r = Reader::new(bytes)?;
        r.at_least(3)?;
        version(&mut r)?;
        Ok(Self { subject: r.fixed()?, certificates: r.list(|r| Ok(r.bytes()?.to_vec()))? })
    }
}

fn version(r: &mut Reader<'_>) -> Result<(), CodecError> {
    if r.uint()? == 1 { Ok(()) } else { Err(CodecError::Shape { what: "version 1" }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::SecretKey;

    #[test]
    fn an_invitation_survives_its_text_and_nothing_else_passes_for_one() {
        let invitation = Invitation {
            org: OrgId([1; 16]),
            site: SiteId([2; 16]),
            root: PublicKey([3; 32]),
            origin: "https://duty.example.org".into(),
            code: [4; 16],
            expires: 5,
        };
        let text = invitation.to_text();
        assert_eq!(Invitation::from_text(&format!("  {text}\n")), Ok(invitation));
        for wrong in ["", "https://duty.example.org", "DUTYLOG1:", "DUTYLOG1:AAAA", &text[..text.len() - 4]] {
            assert_eq!(Invitation::from_text(wrong), Err(NotAnInvitation), "{wrong}");
        }
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = *b"0123456789abcdef";
        let text = code_to_text(&code);
        assert_eq!(text.len(), 26 + 5);
        assert_eq!(code_from_text(&text), Ok(code));
        assert_eq!(code_from_text(&text.to_lowercase().replace('-', " ")), Ok(code));
        assert_eq!(code_from_text(&text[1..]), Err(NotAnInvitation));
        assert_eq!(code_from_text(&"Z".repeat(26)), Err(NotAnInvitation), "more than 128 bits");
        assert_eq!(code_from_text(&code_to_text(&[0; 16]).replace('0', "O")), Ok([0; 16]));
    }

    #[test]
    fn nobody_enrols_a_key_they_do_not_hold() {
        let (key, other) = (SecretKey::from_seed([1; 32]), SecretKey::from_seed([2; 32]));
        let (code, device) = ([9; 16], DeviceId([8; 16]));
        let ask = |signer: &SecretKey| EnrolDevice {
            code,
            device,
            key: key.public(),
            label: "一号手机".into(),
            proof: signer.sign(&device_proof(&code, device, &key.public()).0),
        };
        assert_eq!(EnrolDevice::from_bytes(&ask(&key).to_bytes()), Ok(ask(&key)));
        assert_eq!(EnrolDevice::from_bytes(&ask(&other).to_bytes()), Err(SealError::BadSignature));
        let person = PersonId([6; 16]);
        let asked = EnrolPerson {
            person,
            code,
            key: key.public(),
            proof: key.sign(&person_proof(person, &code, device, &key.public()).0),
        };
        assert_eq!(EnrolPerson::from_bytes(&asked.to_bytes(), device), Ok(asked.clone()));
        let elsewhere = EnrolPerson::from_bytes(&asked.to_bytes(), DeviceId([7; 16]));
        assert_eq!(elsewhere, Err(SealError::BadSignature));
    }
}
