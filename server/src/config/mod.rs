//! Settings: the file, then the environment, then the command line; the later wins, and a name that is not known is an
//! error. Every setting is explained in [`EXAMPLE`]. A setting that is a secret is a `secrecy::SecretString`, so that
//! printing a [`Config`] never shows it.

mod check;
mod layer;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

pub use check::Invalid;
use ipnet::IpNet;
pub use layer::Layer;
use serde::Deserialize;

use crate::http::Limits;

/// The commented example, with every setting in it.
pub const EXAMPLE: &str = include_str!("../../server.example.toml");

/// Everything the server can be told.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen; port 0 picks a free one.
    pub listen: SocketAddr,
    /// The folder of the database and the keys.
    pub data_dir: PathBuf,
    /// What people see in the browser's address bar: scheme, host and port, no path.
    pub public_origin: Option<String>,
    /// Whether a proxy in front terminates TLS.
    pub behind_tls_proxy: bool,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The organisation's name.
    pub organisation: String,
    /// What headquarters is called in Chinese.
    pub headquarters_word: HeadquartersWord,
    /// Log lines.
    pub log: LogSettings,
    /// The figures for whoever keeps the server running.
    pub metrics: MetricsSettings,
    /// Sizes and times at the edge. Not in the file: there is one right value for each.
    pub limits: Limits,
}

/// What headquarters is called in Chinese; the regulations and the organisations differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum HeadquartersWord {
    /// 本部
    #[default]
    #[serde(rename = "本部")]
    Benbu,
    /// 总部
    #[serde(rename = "总部")]
    Zongbu,
}

impl HeadquartersWord {
    /// The word.
    #[must_use]
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Benbu => "本部",
            Self::Zongbu => "总部",
        }
    }
}

/// How much is logged and in which form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSettings {
    /// A level, or levels by module.
    pub level: String,
    /// The form of a line.
    pub format: LogFormat,
}

/// Where the figures are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MetricsSettings {
    /// An address of its own; none: nowhere.
    pub listen: Option<SocketAddr>,
    /// Whether other machines may reach it. Whoever can reads how much is recorded where, and nobody is asked who they are.
    pub remote: bool,
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Pretty at a terminal, JSON otherwise.
    #[default]
    Auto,
    /// For people.
    Pretty,
    /// For machines.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            data_dir: PathBuf::from("dutylog-data"),
            public_origin: None,
            behind_tls_proxy: false,
            trusted_proxies: Vec::new(),
            organisation: "Dutylog".to_owned(),
            headquarters_word: HeadquartersWord::default(),
            log: LogSettings { level: "info".to_owned(), format: LogFormat::Auto },
            metrics: MetricsSettings::default(),
            limits: Limits::default(),
        }
    }
}

/// Why there is no usable configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("无法读取设置文件 {0} / cannot read the settings file {0}: {1}")]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// The file is not understood.
    #[error("设置文件 {0} 有错 / the settings file {0} has a mistake:\n{1}")]
    File(PathBuf, #[source] toml::de::Error),
    /// A variable of the environment is not understood.
    #[error("环境变量 {0} 有错 / the environment variable {0} has a mistake: {1}")]
    Environment(String, String),
    /// Each setting is understood, but not what they say together.
    #[error(transparent)]
    Invalid(#[from] Invalid),
}

impl Config {
    /// Puts the layers together and checks the whole.
    ///
    /// # Errors
    /// Names the first mistake, in both languages.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        flags: Layer,
    ) -> Result<Self, ConfigError> {
        let file = file.map(Layer::from_file).transpose()?.unwrap_or_default();
        let environment = Layer::from_environment(environment)?;
        let config = flags.over(environment).over(file).onto(Self::default());
        check::check(&config)?;
        Ok(config)
    }

    /// Where the database is.
    #[must_use]
    pub fn database_file(&self) -> PathBuf {
        self.data_dir.join("dutylog.sqlite")
    }

    /// Where the server's keys are.
    #[must_use]
    pub fn key_folder(&self) -> PathBuf {
        self.data_dir.join("keys")
    }

    /// Where HQ's desk notes how far it has written.
    #[must_use]
    pub fn desk_guard_folder(&self) -> PathBuf {
        self.data_dir.join("written")
    }

    /// Where the one-time set-up token is put.
    #[must_use]
    pub fn setup_token_file(&self) -> PathBuf {
        self.data_dir.join("setup-token")
    }
}
