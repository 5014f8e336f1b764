//! Text as people may safely read it.
//!
//! Some characters are not seen but change what is: they turn the writing direction, hide between letters, ring bells. In
//! text that somebody else wrote they are shown as what they are, `⟪U+202E⟫`. Templates do this by themselves
//! ([`Html`] is their escaper); elsewhere [`shown`] does it.

use std::fmt::{self, Write};

use askama::filters::Escaper;

/// The text with every invisible steering character replaced by its name.
#[must_use]
pub fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if steers(c) {
            // Writing to a string cannot fail.
            let _ = write!(out, "⟪U+{:04X}⟫", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// Control characters except line breaks and tabs, marks of writing direction, and spaces without width. The joiners
/// U+200C and U+200D stay: scripts and emoji need them.
const fn steers(c: char) -> bool {
    match c {
        '\n' | '\r' | '\t' => false,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}' => true,
        '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' => true,
        '\u{e0000}'..='\u{e007f}' => true,
        _ => false,
    }
}

/// What templates escape with: HTML's own characters, and those that steer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Html;

impl Escaper for Html {
    fn write_escaped_str<W: Write>(&self, mut out: W, text: &str) -> fmt::Result {
        text.chars().try_for_each(|c| self.write_escaped_char(&mut out, c))
    }

    fn write_escaped_char<W: Write>(&self, mut out: W, c: char) -> fmt::Result {
        match c {
            '&' => out.write_str("&amp;"),
            '<' => out.write_str("&lt;"),
            '>' => out.write_str("&gt;"),
            '"' => out.write_str("&#34;"),
            '\'' => out.write_str("&#39;"),
            c if steers(c) => write!(out, "⟪U+{:04X}⟫", u32::from(c)),
            c => out.write_char(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::*;

    #[derive(Template)]
    #[template(source = "<p>{{ note }}</p>", ext = "html")]
    struct Note<'a> {
        note: &'a str,
    }

    #[test]
    fn direction_marks_are_named() {
        assert_eq!(shown("photo\u{202e}gpj.exe"), "photo⟪U+202E⟫gpj.exe");
        assert_eq!(shown("a\u{0}b\u{200b}c\u{2066}d"), "a⟪U+0000⟫b⟪U+200B⟫c⟪U+2066⟫d");
    }

    #[test]
    fn ordinary_text_stays() {
        for text in ["值班员 巡检 3#泵", "line\r\n\tnext", "👩\u{200d}🚒", "Ünïcödé"] {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn templates_do_it_without_being_asked() {
        let page = Note { note: "<b>\u{202e}\"'&" }.render().expect("renders");
        assert_eq!(page, "<p>&lt;b&gt;⟪U+202E⟫&#34;&#39;&amp;</p>");
    }
}
