//! The row forms of cells and registers. They depend on nothing but their content, so that the same state is the same bytes
//! whatever arrived first.

use std::collections::BTreeSet;

use dutylog_core::base::ChainId;
use dutylog_core::merge::Register;
use dutylog_core::records::Member;

use super::error::ViewError;

/// Members as a column that sorts.
pub(super) fn member_bytes(member: Member) -> Vec<u8> {
    match member {
        Member::Whole => Vec::new(),
        Member::Number(n) => n.to_be_bytes().to_vec(),
        Member::Id(id) => id.to_vec(),
    }
}

/// Reads what [`member_bytes`] wrote.
pub(super) fn member_from(bytes: &[u8]) -> Result<Member, ViewError> {
    match bytes.len() {
        0 => Some(Member::Whole),
        4 => bytes.try_into().ok().map(|b| Member::Number(u32::from_be_bytes(b))),
        _ => bytes.try_into().ok().map(Member::Id),
    }
    .ok_or_else(|| ViewError::damaged("a member has the wrong length"))
}

/// A register with the chains it names in front: how many in two bytes, then each.
pub(super) fn register_bytes(register: &Register) -> Result<Vec<u8>, ViewError> {
    let chains: Vec<ChainId> = register.chains().collect::<BTreeSet<_>>().into_iter().collect();
    let damaged = || ViewError::damaged("a register names too many chains");
    let number =
        |chain| chains.binary_search(&chain).ok().and_then(|n| n.try_into().ok()).ok_or_else(damaged);
    let body = register.encode(number)?;
    let count = u16::try_from(chains.len()).map_err(|_| damaged())?;
    let mut bytes = Vec::with_capacity(2 + chains.len() * ChainId::LEN + body.len());
    bytes.extend_from_slice(&count.to_be_bytes());
    chains.iter().for_each(|chain| bytes.extend_from_slice(&chain.0));
    bytes.extend_from_slice(&body);
    Ok(bytes)
}

/// Reads what [`register_bytes`] wrote.
pub(super) fn register_from(bytes: &[u8]) -> Result<Register, ViewError> {
    let short = || ViewError::damaged("a register is too short");
    let (count, rest) = bytes.split_first_chunk().ok_or_else(short)?;
    let length = usize::from(u16::from_be_bytes(*count)) * ChainId::LEN;
    let (chains, body) = rest.split_at_checked(length).ok_or_else(short)?;
    let (chains, _) = chains.as_chunks::<{ ChainId::LEN }>();
    let chain = |n: u32| chains.get(usize::try_from(n).ok()?).copied().map(ChainId);
    Ok(Register::decode(body, chain)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_form() {
        for member in [Member::Whole, Member::Number(0), Member::Number(7), Member::Id([9; 16])] {
            assert_eq!(member_from(&member_bytes(member)).expect("a member"), member);
        }
        assert!(member_from(&[1, 2]).is_err());
    }

    #[test]
    fn a_damaged_register_is_no_register() {
        let empty = register_bytes(&Register::default()).expect("encodes");
        assert_eq!(register_from(&empty).expect("decodes"), Register::default());
        assert!(register_from(&[0]).is_err() && register_from(&[0, 2, 1]).is_err());
    }
}
