//! Enrolment: HQ certifies keys itself.

use std::sync::Arc;

use dutylog_core::base::{DeviceId, Millis, random};
use dutylog_core::log::{Certificate, Claims, PublicKey, Role};
use dutylog_core::sync::enrol::{EnrolDevice, EnrolPerson, Enrolled, Invitation};

use super::{ORIGIN, Server};

impl Server {
    /// What a QR code at the site says. Its code opens nothing over the network: HQ answers itself.
    pub fn invitation(&mut self, now: Millis) -> String {
        let code: [u8; 16] = random(&mut self.dice);
        let api = &self.running.state.api;
        let (org, root, site) = (api.keys.org(), api.keys.root(), self.site());
        let expires = now + 600_000;
        Invitation { org, site, root, origin: ORIGIN.to_owned(), code, expires }.to_text()
    }

    /// Certifies a phone's key, and lets the site know.
    ///
    /// # Panics
    /// If the key is not proven.
    pub fn certify_phone(&mut self, asked: &[u8], now: Millis) -> Vec<u8> {
        let asked = EnrolDevice::from_bytes(asked).expect("proven");
        self.certify(Role::Phone, (asked.device.0, None), asked.key, now)
    }

    /// Certifies a person's key on a phone, and lets the site know.
    ///
    /// # Panics
    /// If the key is not proven.
    pub fn certify_person(&mut self, phone: &Certificate, asked: &[u8], now: Millis) -> Vec<u8> {
        let holder = phone.claims.subject;
        let asked = EnrolPerson::from_bytes(asked, DeviceId(holder)).expect("proven");
        self.certify(Role::Person, (asked.person.0, Some(holder)), asked.key, now)
    }

    fn certify(
        &mut self,
        role: Role,
        (subject, holder): ([u8; 16], Option<[u8; 16]>),
        key: PublicKey,
        issued: Millis,
    ) -> Vec<u8> {
        let keys = Arc::clone(&self.running.state.api.keys);
        let (org, site) = (keys.org(), Some(self.site()));
        let claims = Claims { org, site, role, subject, holder, key, issued, provisional: false };
        let certificate = keys.certify(claims).expect("a strong key");
        let ledger = self.running.state.api.ledger();
        self.runtime.block_on(ledger.add_certificate(self.scope, &certificate.bytes)).expect("added");
        self.follow_desk();
        self.hq.announce(&certificate);
        let mut certificates = keys.certificates().map(<[u8]>::to_vec).to_vec();
        certificates.push(certificate.bytes);
        Enrolled { subject, certificates }.to_bytes()
    }
}
