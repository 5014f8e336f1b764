//! Small pieces that pages are made of. Each writes its own HTML, escaped like everything else.

mod badge;
mod link;
mod moment;
mod source;

use std::fmt::Display;

pub(super) use badge::{Badge, Tone};
pub(super) use link::Link;
pub(super) use moment::Moment;
pub(super) use source::Source;

/// What a piece writes is HTML already: its own template has escaped it. Only such types may pass the filter `html`.
pub(super) trait Piece: Display {}

impl<T: Piece> Piece for &T {}
impl Piece for Badge {}
impl Piece for Link {}
impl Piece for Moment {}
impl Piece for Source {}

/// Filters for templates.
#[expect(unreachable_pub, reason = "the macro makes a public type of each filter")]
pub(super) mod filters {
    use askama::filters::Safe;
    use askama::{Result, Values};

    use super::Piece;

    /// Writes a piece as the HTML it is.
    #[askama::filter_fn]
    pub(in crate::console) fn html<T: Piece>(piece: T, _: &dyn Values) -> Result<Safe<T>> {
        Ok(Safe(piece))
    }
}

#[cfg(test)]
mod tests {
    use askama::Template as _;

    use super::*;

    #[test]
    fn pieces_escape_what_they_hold() {
        let hostile = "<script>\u{202e}";
        let badge = Badge::new(Tone::Bad, hostile).render().expect("renders");
        assert_eq!(badge, r#"<span class="badge bad">&lt;script&gt;⟪U+202E⟫</span>"#);
        let link = Link::new("/a\"b", hostile).render().expect("renders");
        assert_eq!(link, r#"<a href="/a&#34;b">&lt;script&gt;⟪U+202E⟫</a>"#);
    }

    #[test]
    fn a_source_leads_to_its_entry() {
        let when = Moment { machine: "1970-01-01T00:00:00Z".into(), text: "1970-01-01 08:00".into() };
        let source = Source { who: "张伟".into(), when, href: "/e/1".into() }.render().expect("renders");
        let time = r#"<time datetime="1970-01-01T00:00:00Z">1970-01-01 08:00</time>"#;
        assert_eq!(source, format!(r#"<a class="source" href="/e/1">张伟 · {time}</a>"#));
    }
}
