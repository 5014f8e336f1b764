//! How the texts that are signed are laid out: one line for one fact, and nothing a person typed can break a line.

use super::Locale;

/// A person's text on one line: line breaks and characters that reorder text become spaces.
pub(super) fn one_line(text: &str) -> String {
    let breaks = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    text.replace(breaks, " ").trim().to_owned()
}

/// A text of lines in one language.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) locale: Locale,
    text: String,
}

impl Sheet {
    pub(super) fn new(locale: Locale, zh: &str, en: &str) -> Self {
        let mut sheet = Self { locale, text: String::new() };
        sheet.line(locale.pick(zh, en));
        sheet
    }

    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    pub(super) fn heading(&mut self, heading: &str) {
        self.text.push('\n');
        self.line(heading);
    }

    /// `label: value`, the value on one line; a dash if there is none.
    pub(super) fn fact(&mut self, zh: &str, en: &str, value: &str) {
        let value = one_line(value);
        let shown = if value.is_empty() { "—" } else { &value };
        let label = self.locale.pick(zh, en);
        self.line(&format!("{label}{}{shown}", self.locale.pick("：", ": ")));
    }

    /// Numbered lines, or one that says there are none.
    pub(super) fn numbered(&mut self, lines: impl IntoIterator<Item = String>) {
        let mut count = 0;
        for line in lines {
            count += 1;
            self.line(&format!("{count}. {line}"));
        }
        if count == 0 {
            self.line(self.locale.pick("无", "none"));
        }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// Parts of a line, those that say nothing left out: `a · b · c`.
pub(super) fn joined(parts: &[&str]) -> String {
    let told: Vec<_> = parts.iter().map(|p| one_line(p)).filter(|p| !p.is_empty()).collect();
    told.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_typed_cannot_break_or_turn_a_line() {
        assert_eq!(one_line("a\nSigned: b\u{2028}c\u{202e}d\t"), "a Signed: b c d");
        assert_eq!(joined(&["a", "", "b\n"]), "a · b");
    }
}
