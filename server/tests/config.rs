//! Settings: which layer wins, and what is refused.

use std::path::Path;

use dutylog_server::Config;
use dutylog_server::config::{ConfigError, EXAMPLE, HeadquartersWord, Invalid, Layer, LogFormat};

fn load(file: Option<&str>, environment: &[(&str, &str)], flags: Layer) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().expect("folder");
    let path = file.map(|text| {
        let path = folder.path().join("server.toml");
        std::fs::write(&path, text).expect("written");
        path
    });
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::load(path.as_deref(), environment, flags)
}

#[test]
fn the_later_layer_wins() {
    let file = "organisation = 'file'\nlisten = '127.0.0.1:1'\ndata_dir = 'file'\n[log]\nlevel = 'debug'";
    let environment =
        [("DUTYLOG_LISTEN", "127.0.0.1:2"), ("DUTYLOG_DATA_DIR", "environment"), ("PATH", "/bin")];
    let flags = Layer { data_dir: Some("flags".into()), ..Layer::default() };
    let config = load(Some(file), &environment, flags).expect("valid");
    assert_eq!(config.organisation, "file");
    assert_eq!(config.listen.port(), 2);
    assert_eq!(config.data_dir, Path::new("flags"));
    assert_eq!((config.log.level.as_str(), config.log.format), ("debug", LogFormat::Auto));
}

#[test]
fn the_example_says_what_holds_anyway() {
    let (example, nothing) = (load(Some(EXAMPLE), &[], Layer::default()), load(None, &[], Layer::default()));
    assert_eq!(format!("{:?}", example.expect("valid")), format!("{:?}", nothing.expect("valid")));
}

#[test]
fn every_setting_can_come_from_the_environment() {
    let environment = [
        ("DUTYLOG_LISTEN", "[::1]:9"),
        ("DUTYLOG_DATA_DIR", "/data"),
        ("DUTYLOG_PUBLIC_ORIGIN", "https://hq.example.org"),
        ("DUTYLOG_BEHIND_TLS_PROXY", "true"),
        ("DUTYLOG_TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1/32"),
        ("DUTYLOG_ORGANISATION", "某单位"),
        ("DUTYLOG_HEADQUARTERS_WORD", "总部"),
        ("DUTYLOG_LOG_LEVEL", "warn"),
        ("DUTYLOG_LOG_FORMAT", "json"),
    ];
    let config = load(None, &environment, Layer::default()).expect("valid");
    assert_eq!(config.headquarters_word, HeadquartersWord::Zongbu);
    assert_eq!((config.trusted_proxies.len(), config.log.format), (2, LogFormat::Json));
}

#[test]
fn names_that_are_not_known_are_refused() {
    for file in ["lisen = '127.0.0.1:1'", "[log]\ncolour = true"] {
        assert!(matches!(load(Some(file), &[], Layer::default()), Err(ConfigError::File(..))), "{file}");
    }
    for variable in [("DUTYLOG_LISEN", "127.0.0.1:1"), ("DUTYLOG_LISTEN", "everywhere")] {
        assert!(
            matches!(load(None, &[variable], Layer::default()), Err(ConfigError::Environment(..))),
            "{variable:?}"
        );
    }
}

#[test]
fn passwords_never_travel_in_the_clear() {
    let invalid = |file: &str| match load(Some(file), &[], Layer::default()) {
        Err(ConfigError::Invalid(invalid)) => Some(invalid),
        _ => None,
    };
    let public = "listen = '0.0.0.0:8080'\n";
    assert!(matches!(invalid(public), Some(Invalid::PublicWithoutTls(_))));
    let proxied = format!("{public}behind_tls_proxy = true\n");
    assert_eq!(invalid(&proxied), Some(Invalid::NoPublicOrigin));
    assert_eq!(
        invalid(&format!("{proxied}public_origin = 'http://hq.example.org'")),
        Some(Invalid::NoPublicOrigin)
    );
    assert_eq!(
        invalid(&format!("{proxied}public_origin = 'https://hq.example.org/'")),
        Some(Invalid::NotAnOrigin)
    );
    let reachable = format!("{proxied}public_origin = 'https://hq.example.org'\n");
    assert_eq!(invalid(&reachable), Some(Invalid::NoTrustedProxies));
    assert_eq!(invalid(&format!("{reachable}trusted_proxies = ['127.0.0.1/32']")), None);
}

#[test]
fn figures_are_for_this_machine_unless_the_settings_say_otherwise() {
    let said = |file: &str| match load(Some(file), &[], Layer::default()) {
        Ok(config) => Ok(config.metrics.listen),
        Err(ConfigError::Invalid(invalid)) => Err(invalid),
        Err(other) => panic!("{other}"),
    };
    assert_eq!(said(""), Ok(None));
    let at = |text: &str| Some(text.parse().expect("an address"));
    assert_eq!(said("[metrics]\nlisten = '127.0.0.1:9464'"), Ok(at("127.0.0.1:9464")));
    let open = "[metrics]\nlisten = '0.0.0.0:9464'";
    assert!(matches!(said(open), Err(Invalid::PublicMetrics(_))));
    assert_eq!(said(&format!("{open}\nremote = true")), Ok(at("0.0.0.0:9464")));
}
