//! What every page of one site begins with: the way here, and the ways on.

use dutylog_core::base::SiteId;

/// The parts of a site, in the order of the tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::console) enum Tab {
    /// Everything, as a timeline.
    Log,
    /// Rounds.
    Rounds,
    /// Incidents.
    Incidents,
    /// Handovers.
    Handovers,
    /// Attendance.
    People,
    /// Phones and their chains.
    Phones,
}

impl Tab {
    const ALL: [Self; 6] =
        [Self::Log, Self::Rounds, Self::Incidents, Self::Handovers, Self::People, Self::Phones];

    /// The message that names it.
    pub(in crate::console) const fn label(self) -> &'static str {
        match self {
            Self::Log => "tab-log",
            Self::Rounds => "tab-rounds",
            Self::Incidents => "tab-incidents",
            Self::Handovers => "tab-handovers",
            Self::People => "tab-people",
            Self::Phones => "tab-phones",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Log => "",
            Self::Rounds => "/rounds",
            Self::Incidents => "/incidents",
            Self::Handovers => "/handovers",
            Self::People => "/people",
            Self::Phones => "/phones",
        }
    }
}

/// The frame around a page of one site.
#[derive(Debug, Clone)]
pub(in crate::console) struct SiteFrame {
    /// The site's name.
    pub(in crate::console) name: String,
    /// IANA name of the zone in which all times on the page are.
    pub(in crate::console) zone: String,
    /// Which part of the site the page belongs to.
    pub(in crate::console) tab: Tab,
    /// Whether the page is one of several below the tab.
    pub(in crate::console) below: bool,
    /// How many chains have forked: people must see it wherever they are.
    pub(in crate::console) forks: usize,
    pub(super) site: SiteId,
}

impl SiteFrame {
    pub(in crate::console) const fn new(site: SiteId, name: String, zone: String, tab: Tab) -> Self {
        Self { name, zone, tab, below: false, forks: 0, site }
    }

    /// The address of a tab.
    pub(in crate::console) fn at(&self, tab: Tab) -> String {
        format!("{}{}", address(self.site), tab.path())
    }

    /// The log, where a site begins.
    pub(in crate::console) fn log_href(&self) -> String {
        self.at(Tab::Log)
    }

    /// The tab that the page belongs to.
    pub(in crate::console) fn tab_href(&self) -> String {
        self.at(self.tab)
    }

    /// Its message.
    pub(in crate::console) const fn tab_label(&self) -> &'static str {
        self.tab.label()
    }

    /// The phones' page.
    pub(in crate::console) fn phones_href(&self) -> String {
        self.at(Tab::Phones)
    }

    /// Every tab: address, message, whether the page belongs to it.
    pub(in crate::console) fn tabs(&self) -> impl Iterator<Item = (String, &'static str, bool)> {
        Tab::ALL.into_iter().map(|tab| (self.at(tab), tab.label(), tab == self.tab))
    }
}

/// The address of a site.
pub(in crate::console) fn address(site: SiteId) -> String {
    format!("/sites/{site}")
}
