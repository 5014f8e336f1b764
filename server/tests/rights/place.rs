//! Where the paths of the table lead.

use std::collections::BTreeMap;

use dutylog_core::base::ChainId;

use crate::console::{Reader, hrefs};
use crate::stage::FORKED;

const NOWHERE: &str = "00000000000000000000000000000000";

/// Where a path leads at one site: a record of each kind, an entry.
pub(crate) struct Place(BTreeMap<&'static str, String>);

impl Place {
    pub(crate) async fn of(reader: &Reader, site: &str) -> Self {
        let first = async |page: &str, selector: &str| {
            let all = hrefs(&reader.get(&format!("{site}{page}")).await.body, selector);
            all.into_iter().next().expect("one")
        };
        let last = |href: String| href.rsplit('/').next().expect("an identifier").to_owned();
        let entry = first("", ".proof a[href*='/entries/']").await;
        let entry: Vec<&str> = entry.rsplit('/').take(3).collect();
        let css = first("", "link[rel=stylesheet]").await;
        Self(BTreeMap::from([
            ("{site}", site.rsplit('/').next().expect("a site").to_owned()),
            ("{round}", last(first("/rounds", "main table a[href*='/rounds/']").await)),
            ("{incident}", last(first("/incidents", "main table a[href*='/incidents/']").await)),
            ("{handover}", last(first("/handovers", "main table a[href*='/handovers/']").await)),
            ("{mark}", entry[0].into()),
            ("{seq}", entry[1].into()),
            ("{chain}", entry[2].into()),
            ("{fork}", ChainId([FORKED; 16]).to_string()),
            ("{file}", last(css)),
        ]))
    }

    pub(crate) fn elsewhere(&self) -> Self {
        let mut all = self.0.clone();
        all.insert("{site}", NOWHERE.into());
        Self(all)
    }

    pub(crate) fn fill(&self, path: &str) -> String {
        self.0.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
    }
}
