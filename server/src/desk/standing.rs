//! Whether somebody still may do what they asked for, at the moment it is done.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

use super::DeskError;

/// A right that is looked at again under the site's lock, right before the entry is appended: what took it away is never overtaken.
///
/// It may only read: the only writer is held while it is asked.
pub trait Standing: Debug + Send + Sync {
    /// Whether it still holds.
    fn holds(&self) -> Pin<Box<dyn Future<Output = Result<bool, DeskError>> + Send + '_>>;
}

/// Of whoever runs the server: nobody else can take that away.
#[derive(Debug)]
pub(super) struct Operator;

impl Standing for Operator {
    fn holds(&self) -> Pin<Box<dyn Future<Output = Result<bool, DeskError>> + Send + '_>> {
        Box::pin(std::future::ready(Ok(true)))
    }
}
