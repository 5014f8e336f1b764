//! One zstd stream, with an end to what it may unpack to.

use std::io::Read;

/// The window that a reader must be ready for: 2²³ bytes.
const WINDOW_LOG: u32 = 23;

/// Why a stream could not be unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unsqueeze {
    /// It would unpack to more than allowed.
    TooLarge,
    /// It is not a zstd stream, or it ends too early.
    Damaged,
}

/// Compresses.
pub(crate) fn squeeze(bytes: &[u8], level: i32) -> Vec<u8> {
    zstd::bulk::compress(bytes, level)
        .expect("compressing from memory into memory needs nothing that can fail")
}

/// Unpacks one stream that fills the input exactly, to at most `max` bytes. Memory grows with what is really there.
pub(crate) fn unsqueeze(bytes: &[u8], max: usize) -> Result<Vec<u8>, Unsqueeze> {
    let mut rest = bytes;
    let mut decoder =
        zstd::stream::Decoder::with_buffer(&mut rest).map_err(|_| Unsqueeze::Damaged)?.single_frame();
    decoder.window_log_max(WINDOW_LOG).map_err(|_| Unsqueeze::Damaged)?;
    let mut out = Vec::new();
    let limit = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
    decoder.by_ref().take(limit).read_to_end(&mut out).map_err(|_| Unsqueeze::Damaged)?;
    if out.len() > max {
        return Err(Unsqueeze::TooLarge);
    }
    drop(decoder);
    if rest.is_empty() { Ok(out) } else { Err(Unsqueeze::Damaged) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_squeezed_comes_back_and_nothing_else_passes() {
        let bytes = b"the same again, the same again, the same again".repeat(9);
        let squeezed = squeeze(&bytes, 3);
        assert_eq!(unsqueeze(&squeezed, bytes.len()), Ok(bytes.clone()));
        assert_eq!(unsqueeze(&squeezed, bytes.len() - 1), Err(Unsqueeze::TooLarge));
        assert_eq!(unsqueeze(&squeezed[..squeezed.len() - 1], 1 << 20), Err(Unsqueeze::Damaged));
        assert_eq!(unsqueeze(&[&squeezed[..], b"!"].concat(), 1 << 20), Err(Unsqueeze::Damaged));
        assert_eq!(unsqueeze(b"<html>", 1 << 20), Err(Unsqueeze::Damaged));
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = squeeze(&vec![0; 64 << 20], 3);
        assert!(bomb.len() < 16 << 10);
        assert_eq!(unsqueeze(&bomb, 4 << 20), Err(Unsqueeze::TooLarge));
    }
}
