//! What happens to every request on its way in and to every answer on its way out. [`super::super::app`] stacks them.

pub(crate) mod language;
pub(crate) mod panics;
pub(crate) mod pressure;
pub(crate) mod problems;
pub(crate) mod request_id;
pub(crate) mod same_origin;
pub(crate) mod security_headers;
pub(crate) mod slim;
pub(crate) mod trace;

pub use request_id::RequestId;
