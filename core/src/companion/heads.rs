//! What a phone holds, as a text short enough for a code or a message: so that another knows what to give.

use base64ct::{Base64UrlUnpadded, Encoding as _};

use super::Heads;
use crate::base::{ChainId, Digest};
use crate::log::{CodecError, Head, Reader, Writer};

/// How the text begins.
const PREFIX: &str = "DUTYLOG-HEADS:";

/// The heads as text.
#[must_use]
pub fn heads_to_text(heads: &Heads) -> String {
    let ends: Vec<_> =
        heads.iter().flat_map(|(chain, ends)| ends.iter().map(move |end| (chain, end))).collect();
    let mut w = Writer::default();
    w.array(ends.len());
    for (chain, end) in ends {
        w.array(3).bytes(&chain.0).uint(end.seq).bytes(&end.segment.0);
    }
    format!("{PREFIX}{}", Base64UrlUnpadded::encode_string(&w.finish()))
}

/// Reads what [`heads_to_text`] wrote; none if it is another text.
#[must_use]
pub fn heads_from_text(text: &str) -> Option<Heads> {
    let bytes = Base64UrlUnpadded::decode_vec(text.trim().strip_prefix(PREFIX)?).ok()?;
    read(&bytes).ok()
}

fn read(bytes: &[u8]) -> Result<Heads, CodecError> {
    let ends = Reader::new(bytes)?.list(|r| {
        r.array(3)?;
        Ok((ChainId(r.fixed()?), Head { seq: r.uint()?, segment: Digest(r.fixed()?) }))
    })?;
    let mut heads = Heads::new();
    for (chain, end) in ends {
        heads.entry(chain).or_default().push(end);
    }
    Ok(heads)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_it_was_written_and_another_is_not() {
        let end = |n: u8| Head { seq: u64::from(n), segment: Digest([n; 32]) };
        let heads = Heads::from([(ChainId([1; 16]), vec![end(2), end(3)]), (ChainId([2; 16]), vec![end(4)])]);
        let text = heads_to_text(&heads);
        assert_eq!(heads_from_text(&format!(" {text}\n")), Some(heads));
        assert_eq!(heads_from_text(&text[..text.len() - 4]), None);
        assert_eq!(heads_from_text("DUTYLOG-HEADS:"), None);
        assert_eq!(heads_from_text("https://duty.example"), None);
    }
}
