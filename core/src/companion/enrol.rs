//! Becoming a phone of a site: from the QR code to a certified key.

use std::io::Write as _;
use std::path::Path;

use super::error::CompanionError;
use super::{Host, device_key};
use crate::base::{DeviceId, OrgId, SiteId, random};
use crate::log::{Certificate, CodecError, PublicKey, Reader, Role, SealError, Trust, Writer};
use crate::sync::enrol::{EnrolDevice, Enrolled, Invitation, device_proof};

const FILE: &str = "enrolment";

/// What a phone keeps of its enrolment: where it belongs and whom it trusts. No secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// The organisation.
    pub org: OrgId,
    /// The site.
    pub site: SiteId,
    /// The organisation's root key, pinned.
    pub root: PublicKey,
    /// The server.
    pub origin: String,
    /// This phone.
    pub device: DeviceId,
    /// This installation; a copy of the phone has another.
    pub install: [u8; 16],
    /// From the issuing key's certificate to the phone's own, which is the last.
    pub certificates: Vec<Vec<u8>>,
}

/// An enrolment that waits for the server's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    invitation: Invitation,
    device: DeviceId,
    install: [u8; 16],
    /// What to send to [`Enrolment::PATH`] at [`Self::origin`].
    pub body: Vec<u8>,
}

impl Enrolment {
    /// Where the request goes.
    pub const PATH: &'static str = "/v1/enrol";

    /// Reads a QR code, makes this phone's key and the request.
    ///
    /// # Errors
    /// [`CompanionError::NotAnInvitation`], or the key store's.
    pub fn begin(text: &str, label: &str, host: &mut Host) -> Result<Self, CompanionError> {
        let invitation = Invitation::from_text(text)?;
        let device = DeviceId(random(&mut *host.entropy));
        let key = host.keys.create(&device_key(device), None)?;
        let proof = device_proof(&invitation.code, device, &key);
        let proof = host.keys.sign(&device_key(device), None, &proof.0)?;
        let asked = EnrolDevice { code: invitation.code, device, key, label: label.to_owned(), proof };
        let install = random(&mut *host.entropy);
        Ok(Self { invitation, device, install, body: asked.to_bytes() })
    }

    /// All of it, to be kept until the server's answer is in: the app may be ended in between, and the server lets the same key ask again.
    /// It holds the code, and no key: that lies in the key store under a name that follows from it.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(5).uint(1).text(&self.invitation.to_text()).bytes(&self.device.0);
        w.bytes(&self.install).bytes(&self.body);
        w.finish()
    }

    /// Goes on with an enrolment that was kept.
    ///
    /// # Errors
    /// [`CompanionError::BadEnrolment`] if these are not the bytes of one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CompanionError> {
        let (invitation, device, install, body) =
            Self::read(bytes).map_err(|_| CompanionError::BadEnrolment)?;
        Ok(Self { invitation: Invitation::from_text(&invitation)?, device, install, body })
    }

    fn read(bytes: &[u8]) -> Result<(String, DeviceId, [u8; 16], Vec<u8>), CodecError> {
        let mut r = Reader::new(bytes)?;
        r.at_least(5)?;
        version(&mut r)?;
        Ok((r.text()?.to_owned(), DeviceId(r.fixed()?), r.fixed()?, r.bytes()?.to_vec()))
    }

    /// The server.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.invitation.origin
    }

    /// Takes the server's answer. Whatever network it came through, only what the pinned root key proves is believed.
    ///
    /// # Errors
    /// [`CompanionError::NotHeadquarters`] for an answer that proves nothing.
    pub fn finish(self, body: &[u8]) -> Result<Admitted, CompanionError> {
        let Invitation { org, site, root, origin, .. } = self.invitation;
        let answer = Enrolled::from_bytes(body).map_err(|_| CompanionError::NotHeadquarters)?;
        let admitted = Admitted {
            org,
            site,
            root,
            origin,
            device: self.device,
            install: self.install,
            certificates: answer.certificates,
        };
        let claims = admitted.device().map_err(|_| CompanionError::NotHeadquarters)?.claims;
        let ours = claims.role == Role::Phone && claims.site == Some(site) && claims.subject == self.device.0;
        if ours { Ok(admitted) } else { Err(CompanionError::NotHeadquarters) }
    }
}

impl Admitted {
    /// The root key and the certificates that hang on it.
    ///
    /// # Errors
    /// [`SealError`] if one of them is not proven.
    pub fn trust(&self) -> Result<Trust, SealError> {
        let mut trust = Trust::new(self.org, self.root);
        self.certificates.iter().try_for_each(|bytes| trust.add(bytes).map(drop))?;
        Ok(trust)
    }

    /// The phone's own certificate.
    ///
    /// # Errors
    /// [`SealError`] if it is not proven.
    pub fn device(&self) -> Result<Certificate, SealError> {
        let bytes = self.certificates.last().ok_or(SealError::BadEnvelope("no certificate"))?;
        Ok(self.trust()?.add(bytes)?.clone())
    }

    pub(super) fn save(&self, folder: &Path) -> Result<(), CompanionError> {
        let mut w = Writer::default();
        w.array(8).uint(1).bytes(&self.org.0).bytes(&self.site.0).bytes(&self.root.0).text(&self.origin);
        w.bytes(&self.device.0).bytes(&self.install).array(self.certificates.len());
        self.certificates.iter().for_each(|c| {
            w.bytes(c);
        });
        let bytes = w.finish();
        std::fs::create_dir_all(folder)?;
        let temporary = folder.join("enrolment.new");
        let mut file = std::fs::File::create(&temporary)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        std::fs::rename(&temporary, folder.join(FILE))?;
        Ok(std::fs::File::open(folder)?.sync_all()?)
    }

    pub(super) fn load(folder: &Path) -> Result<Self, CompanionError> {
        let bytes = match std::fs::read(folder.join(FILE)) {
            // The phone was never enrolled, which is no trouble with its files.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(CompanionError::BadEnrolment);
            }
            read => read?,
        };
        Self::read(&bytes).map_err(|_| CompanionError::BadEnrolment)
    }

    fn read(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut r = Reader::new(bytes)?;
        r.at_least(8)?;
        version(&mut r)?;
        Ok(Self {
            org: OrgId(r.fixed()?),
            site: SiteId(r.fixed()?),
            root: PublicKey(r.fixed()?),
            origin: r.text()?.to_owned(),
            device: DeviceId(r.fixed()?),
            install: r.fixed()?,
            certificates: r.list(|r| Ok(r.bytes()?.to_vec()))?,
        })
    }
}

pub(super) fn version(r: &mut Reader<'_>) -> Result<(), CodecError> {
    if r.uint()? == 1 { Ok(()) } else { Err(CodecError::Shape { what: "version 1" }) }
}
