//! One layer of settings: what a file, the environment or the command line says, and nothing about the rest.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use serde::Deserialize;
use serde::de::IntoDeserializer;

use super::{Config, ConfigError, HeadquartersWord, LogFormat};

const PREFIX: &str = "DUTYLOG_";

/// Settings that are said, each or not.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// See [`Config::listen`].
    pub listen: Option<SocketAddr>,
    /// See [`Config::data_dir`].
    pub data_dir: Option<PathBuf>,
    /// See [`Config::public_origin`].
    pub public_origin: Option<String>,
    /// See [`Config::behind_tls_proxy`].
    pub behind_tls_proxy: Option<bool>,
    /// See [`Config::trusted_proxies`].
    pub trusted_proxies: Option<Vec<IpNet>>,
    /// See [`Config::organisation`].
    pub organisation: Option<String>,
    /// See [`Config::headquarters_word`].
    pub headquarters_word: Option<HeadquartersWord>,
    /// See [`Config::log`].
    #[serde(default)]
    pub log: LogLayer,
    /// See [`Config::metrics`].
    #[serde(default)]
    pub metrics: MetricsLayer,
}

/// What is said about the figures.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricsLayer {
    /// See [`super::MetricsSettings::listen`].
    pub listen: Option<SocketAddr>,
    /// See [`super::MetricsSettings::remote`].
    pub remote: Option<bool>,
}

/// What is said about log lines.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogLayer {
    /// See [`super::LogSettings::level`].
    pub level: Option<String>,
    /// See [`super::LogSettings::format`].
    pub format: Option<LogFormat>,
}

impl Layer {
    /// Reads a TOML file.
    ///
    /// # Errors
    /// When it cannot be read, or says something that is not understood.
    pub fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|e| ConfigError::Unreadable(path.to_owned(), e))?;
        toml::from_str(&text).map_err(|e| ConfigError::File(path.to_owned(), e))
    }

    /// Reads the variables that begin with `DUTYLOG_`.
    ///
    /// # Errors
    /// When one of them has an unknown name or a value that is not understood.
    pub fn from_environment(
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut layer = Self::default();
        for (variable, value) in variables {
            if let Some(name) = variable.strip_prefix(PREFIX) {
                layer.set(name, &value).map_err(|why| ConfigError::Environment(variable.clone(), why))?;
            }
        }
        Ok(layer)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "LISTEN" => self.listen = Some(parse(value)?),
            "DATA_DIR" => self.data_dir = Some(PathBuf::from(value)),
            "PUBLIC_ORIGIN" => self.public_origin = Some(value.to_owned()),
            "BEHIND_TLS_PROXY" => self.behind_tls_proxy = Some(parse(value)?),
            "TRUSTED_PROXIES" => self.trusted_proxies = Some(list(value)?),
            "ORGANISATION" => self.organisation = Some(value.to_owned()),
            "HEADQUARTERS_WORD" => self.headquarters_word = Some(word(value)?),
            "LOG_LEVEL" => self.log.level = Some(value.to_owned()),
            "METRICS_LISTEN" => self.metrics.listen = Some(parse(value)?),
            "METRICS_REMOTE" => self.metrics.remote = Some(parse(value)?),
            "LOG_FORMAT" => self.log.format = Some(word(value)?),
            _ => return Err("没有这个设置 / no such setting".to_owned()),
        }
        Ok(())
    }

    /// What this layer says, and where it says nothing, what the one below says.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        Self {
            listen: self.listen.or(below.listen),
            data_dir: self.data_dir.or(below.data_dir),
            public_origin: self.public_origin.or(below.public_origin),
            behind_tls_proxy: self.behind_tls_proxy.or(below.behind_tls_proxy),
            trusted_proxies: self.trusted_proxies.or(below.trusted_proxies),
            organisation: self.organisation.or(below.organisation),
            headquarters_word: self.headquarters_word.or(below.headquarters_word),
            log: LogLayer {
                level: self.log.level.or(below.log.level),
                format: self.log.format.or(below.log.format),
            },
            metrics: MetricsLayer {
                listen: self.metrics.listen.or(below.metrics.listen),
                remote: self.metrics.remote.or(below.metrics.remote),
            },
        }
    }

    pub(super) fn onto(self, base: Config) -> Config {
        Config {
            listen: self.listen.unwrap_or(base.listen),
            data_dir: self.data_dir.unwrap_or(base.data_dir),
            public_origin: self.public_origin.or(base.public_origin),
            behind_tls_proxy: self.behind_tls_proxy.unwrap_or(base.behind_tls_proxy),
            trusted_proxies: self.trusted_proxies.unwrap_or(base.trusted_proxies),
            organisation: self.organisation.unwrap_or(base.organisation),
            headquarters_word: self.headquarters_word.unwrap_or(base.headquarters_word),
            log: super::LogSettings {
                level: self.log.level.unwrap_or(base.log.level),
                format: self.log.format.unwrap_or(base.log.format),
            },
            metrics: super::MetricsSettings {
                listen: self.metrics.listen.or(base.metrics.listen),
                remote: self.metrics.remote.unwrap_or(base.metrics.remote),
            },
            limits: base.limits,
        }
    }
}

fn parse<T: std::str::FromStr<Err: ToString>>(value: &str) -> Result<T, String> {
    value.parse().map_err(|e: T::Err| e.to_string())
}

/// Words in the environment are spelled as in the file.
fn word<'de, T: Deserialize<'de>>(value: &'de str) -> Result<T, String> {
    T::deserialize(value.into_deserializer()).map_err(|e: serde::de::value::Error| e.to_string())
}

fn list(value: &str) -> Result<Vec<IpNet>, String> {
    value.split(',').map(str::trim).filter(|part| !part.is_empty()).map(parse).collect()
}
