//! What an account is.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use dutylog_core::base::{Millis, PersonId, SiteId};

use crate::clock::{HOUR, MINUTE};

/// Identifies an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountId(pub [u8; 16]);

/// What an account may do in the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// 管理员: sites, people, posts, devices, accounts.
    Admin,
    /// 本部审核人: sees, acknowledges, comments, orders rectification.
    Hq,
    /// 审计员: sees, changes nothing.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Admin, Self::Hq, Self::Auditor];

    /// The word in commands and in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Hq => "hq",
            Self::Auditor => "auditor",
        }
    }

    /// How long a session may rest before it ends.
    #[must_use]
    pub const fn idle_ms(self) -> Millis {
        match self {
            Self::Admin => 10 * MINUTE,
            Self::Hq | Self::Auditor => 20 * MINUTE,
        }
    }

    /// How long a session may last at all.
    #[must_use]
    pub const fn absolute_ms(self) -> Millis {
        match self {
            Self::Admin => 4 * HOUR,
            Self::Hq | Self::Auditor => 12 * HOUR,
        }
    }
}

/// A word that is no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("角色应为 admin、hq 或 auditor / the role must be admin, hq or auditor")]
pub struct NoSuchRole;

impl FromStr for Role {
    type Err = NoSuchRole;

    fn from_str(text: &str) -> Result<Self, NoSuchRole> {
        Self::ALL.into_iter().find(|role| role.code() == text).ok_or(NoSuchRole)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Which sites an account sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SiteScope {
    /// All, also those that are made later.
    All,
    /// Only these.
    Only(BTreeSet<SiteId>),
}

impl SiteScope {
    /// Whether a site is within it.
    #[must_use]
    pub fn includes(&self, site: &SiteId) -> bool {
        match self {
            Self::All => true,
            Self::Only(sites) => sites.contains(site),
        }
    }
}

/// Somebody who may use the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its identifier.
    pub id: AccountId,
    /// What is typed to sign in; lower case.
    pub name: String,
    /// What pages show.
    pub display_name: String,
    /// What it may do.
    pub role: Role,
    /// The person it acts as in logs.
    pub person: PersonId,
    /// Which sites it sees.
    pub scope: SiteScope,
}

impl Account {
    /// Whether it may manage accounts: of whoever sees some sites only, no other account is theirs to change.
    #[must_use]
    pub fn administers(&self) -> bool {
        self.role == Role::Admin && self.scope == SiteScope::All
    }
}

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// See [`Account::name`]; upper case is folded, spaces at the ends are dropped.
    pub name: String,
    /// See [`Account::display_name`]; when empty, the name.
    pub display_name: String,
    /// See [`Account::role`].
    pub role: Role,
    /// See [`Account::person`].
    pub person: PersonId,
    /// See [`Account::scope`].
    pub scope: SiteScope,
}

const MAX_NAME_CHARS: usize = 64;

/// The one spelling of a name: people type `Li.Wei ` and mean `li.wei`.
pub(super) fn fold_name(typed: &str) -> String {
    typed.trim().to_lowercase()
}

/// Letters and digits of any script, and what stands in mail addresses.
pub(super) fn is_name(name: &str) -> bool {
    let fine = |c: char| c.is_alphanumeric() || ".-_@".contains(c);
    !name.is_empty() && name.chars().count() <= MAX_NAME_CHARS && name.chars().all(fine)
}

/// A name for people: something to read, on one line.
pub(super) fn is_display_name(name: &str) -> bool {
    name.chars().count() <= MAX_NAME_CHARS && !name.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_and_bounded() {
        assert_eq!(fold_name(" Li.Wei "), "li.wei");
        assert!(
            is_name("李伟")
                && is_name("a@b-c_d.e")
                && !is_name("")
                && !is_name("a b")
                && !is_name(&"x".repeat(65))
        );
    }

    #[test]
    fn roles_have_one_spelling() {
        for role in Role::ALL {
            assert_eq!(role.to_string().parse(), Ok(role));
        }
        assert_eq!("Admin".parse::<Role>(), Err(NoSuchRole));
    }
}
