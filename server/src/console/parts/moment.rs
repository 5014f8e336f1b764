//! An instant as people and programs read it.

use askama::Template;

/// An instant on the site's clock; the machine's form is in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(ext = "html", source = r#"<time datetime="{{ machine }}">{{ text }}</time>"#)]
pub(in crate::console) struct Moment {
    pub(in crate::console) machine: String,
    pub(in crate::console) text: String,
}
