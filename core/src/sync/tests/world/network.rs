//! What comes back over the network.

/// What the network does with a request.
pub(in crate::sync::tests) enum Fate {
    Answers(Reply),
    Fails(crate::sync::Failure),
}

#[derive(Debug, Clone)]
pub(in crate::sync::tests) struct Reply {
    pub(in crate::sync::tests) status: u16,
    pub(in crate::sync::tests) headers: Vec<(String, String)>,
    pub(in crate::sync::tests) body: Vec<u8>,
}

impl Reply {
    pub(in crate::sync::tests) fn new(status: u16, body: &[u8]) -> Self {
        Self { status, headers: Vec::new(), body: body.to_vec() }
    }

    pub(in crate::sync::tests) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}
