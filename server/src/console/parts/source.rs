//! Who said something and when, leading to the entry that proves it.

use askama::Template;

use super::{Moment, filters};

/// Where something on a page comes from.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(ext = "html", source = r#"<a class="source" href="{{ href }}">{{ who }} · {{ when|html }}</a>"#)]
pub(in crate::console) struct Source {
    /// A person, or the phone itself.
    pub(in crate::console) who: String,
    /// The claimed time.
    pub(in crate::console) when: Moment,
    /// The entry's page.
    pub(in crate::console) href: String,
}
