//! Reads vector files: bytes in hexadecimal, rules for long ones.

use dutylog_core::base::{Digest, Value};
pub(super) use serde_json::Value as Json;

/// A vector file, without its ending.
pub(super) fn family(name: &str) -> Json {
    let path = format!("{}/tests/vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(super) fn list(json: &Json) -> &[Json] {
    json.as_array().unwrap_or_else(|| panic!("not a list: {json}"))
}

pub(super) fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_else(|| panic!("not a text: {json}"))
}

pub(super) fn int(json: &Json) -> i64 {
    json.as_i64().unwrap_or_else(|| panic!("not a number: {json}"))
}

pub(super) fn seq(json: &Json) -> u64 {
    json.as_u64().unwrap_or_else(|| panic!("not a number from 0: {json}"))
}

/// Bytes from hexadecimal.
pub(super) fn hex(json: &Json) -> Vec<u8> {
    unhex(text(json))
}

pub(super) fn unhex(digits: &str) -> Vec<u8> {
    let digit =
        |c: u8| u8::try_from((c as char).to_digit(16).expect("a hexadecimal digit")).expect("below 16");
    digits.as_bytes().chunks_exact(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

/// As many bytes as the type has.
pub(super) fn fixed<const N: usize>(json: &Json) -> [u8; N] {
    hex(json).try_into().unwrap_or_else(|_| panic!("not {N} bytes: {json}"))
}

pub(super) fn digest(json: &Json) -> Digest {
    Digest(fixed(json))
}

pub(super) fn digests(json: &Json) -> Vec<Digest> {
    list(json).iter().map(digest).collect()
}

/// Bytes from hexadecimal, from a `repeat` rule, or from a list of these.
pub(super) fn expand(json: &Json) -> Vec<u8> {
    match json {
        Json::Array(parts) => parts.iter().flat_map(expand).collect(),
        Json::Object(rule) => {
            let rule = list(&rule["repeat"]);
            hex(&rule[0]).repeat(usize::try_from(seq(&rule[1])).expect("fits"))
        }
        _ => hex(json),
    }
}

pub(super) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A value as the files show it.
pub(super) fn show_value(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(b) => (*b).into(),
        Value::Int(n) => (*n).into(),
        Value::Text(t) => t.as_str().into(),
        Value::Bytes(b) => serde_json::json!({ "hex": to_hex(b) }),
        Value::List(members) => members.iter().map(show_value).collect(),
    }
}
