//! Writing the one form.

use minicbor::Encoder;

use crate::base::Value;

/// Writes canonical CBOR. Writing to memory cannot fail, so no method returns a result.
#[derive(Debug)]
pub struct Writer(Encoder<Vec<u8>>);

/// Why the encoder's results are unwrapped: its only errors are the writer's, and a `Vec` has none.
const NEVER: &str = "writing to a Vec cannot fail";

impl Default for Writer {
    fn default() -> Self {
        Self::with_capacity(64)
    }
}

impl Writer {
    /// With room for so many bytes, so that what is written often need not be moved as it grows.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self(Encoder::new(Vec::with_capacity(bytes)))
    }

    /// In memory that was used before; what it held is gone.
    pub(crate) fn reusing(mut memory: Vec<u8>) -> Self {
        memory.clear();
        Self(Encoder::new(memory))
    }

    /// Starts an array of so many members.
    pub fn array(&mut self, len: usize) -> &mut Self {
        self.0.array(len as u64).expect(NEVER);
        self
    }

    /// An unsigned number.
    pub fn uint(&mut self, n: u64) -> &mut Self {
        self.0.u64(n).expect(NEVER);
        self
    }

    /// A signed number.
    pub fn int(&mut self, n: i64) -> &mut Self {
        self.0.i64(n).expect(NEVER);
        self
    }

    /// A byte string.
    pub fn bytes(&mut self, b: &[u8]) -> &mut Self {
        self.0.bytes(b).expect(NEVER);
        self
    }

    /// A byte string or null.
    pub fn maybe_bytes(&mut self, b: Option<&[u8]>) -> &mut Self {
        match b {
            Some(b) => self.bytes(b),
            None => self.null(),
        }
    }

    /// A text.
    pub fn text(&mut self, t: &str) -> &mut Self {
        self.0.str(t).expect(NEVER);
        self
    }

    /// Yes or no.
    pub fn bool(&mut self, b: bool) -> &mut Self {
        self.0.bool(b).expect(NEVER);
        self
    }

    /// Nothing.
    pub fn null(&mut self) -> &mut Self {
        self.0.null().expect(NEVER);
        self
    }

    /// Any value.
    pub fn value(&mut self, value: &Value) -> &mut Self {
        match value {
            Value::Null => self.null(),
            Value::Bool(b) => self.bool(*b),
            Value::Int(n) => self.int(*n),
            Value::Text(t) => self.text(t),
            Value::Bytes(b) => self.bytes(b),
            Value::List(members) => {
                self.array(members.len());
                members.iter().fold(self, |w, m| w.value(m))
            }
        }
    }

    /// What was written.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.0.into_writer()
    }
}

/// The canonical bytes of a value.
#[must_use]
pub fn encode_value(value: &Value) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.value(value);
    writer.finish()
}
