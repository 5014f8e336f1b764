//! What headquarters does on a record's page.

use serde::Deserialize;

use super::Notice;
use super::site::OpenSite;
use crate::views::Said;

/// What was done just now, as the address of the page says after a form went well.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    done: String,
}

impl Done {
    /// What to say of it.
    pub(super) fn notice(&self, site: &OpenSite) -> Option<Notice> {
        let key = match self.done.as_str() {
            "acknowledge" => "done-acknowledge",
            "comment" => "done-comment",
            "settle" => "done-settle",
            _ => return None,
        };
        Some(Notice::done(site.t(key)))
    }
}

/// What names one of several live values in a form: the entry that wrote it.
pub(super) fn choice_key<T>(said: &Said<T>) -> String {
    said.by
        .map(|by| format!("{}-{}-{}", by.chain, by.seq, super::words::hex(&by.leaf.mark())))
        .unwrap_or_default()
}
