//! A way to another page.

use askama::Template;

/// An address and what it is called.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(ext = "html", source = r#"<a href="{{ href }}">{{ text }}</a>"#)]
pub(in crate::console) struct Link {
    pub(in crate::console) href: String,
    pub(in crate::console) text: String,
}

impl Link {
    pub(in crate::console) fn new(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { href: href.into(), text: text.into() }
    }
}
