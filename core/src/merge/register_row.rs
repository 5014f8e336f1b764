//! The row form of a register. A cell that only one chain ever wrote, the most frequent by far, takes one short item.
//!
//! ```text
//! row     = [ *version, ? rest ]
//! version = [ chain, seq, mark, value ] on the trunk, [ chain, seq, mark, value, branch ] elsewhere
//! rest    = [ [*past], [*cite], [*unfounded] ]
//! past    = [ chain, seq, mark, branch, said / null ]
//! cite    = [ chain .size 16, seq, mark ]       in full: nobody may ever have seen the chain
//! unfounded = [ version, [*cite] ]
//! ```

use super::register::{Actor, Past, Place, Register, Says, Version, Write};
use crate::base::{ChainId, Value};
use crate::log::{Cite, CodecError, Reader, TRUNK, Writer};

/// One part of a row.
enum Item {
    Live(Version),
    Rest(Vec<Past>, Vec<Cite>, Vec<Write>),
}

impl Register {
    /// Writes the row form; chains are named by the numbers that `number` gives them.
    ///
    /// # Errors
    /// Whatever `number` fails with.
    pub fn encode<E>(&self, mut number: impl FnMut(ChainId) -> Result<u32, E>) -> Result<Vec<u8>, E> {
        let plain = self.past.is_empty() && self.awaited.is_empty() && self.unfounded.is_empty();
        let mut w = Writer::default();
        w.array(self.live.len() + usize::from(!plain));
        for version in &self.live {
            put_version(&mut w, version, &mut number)?;
        }
        if plain {
            return Ok(w.finish());
        }
        w.array(3).array(self.past.len());
        for Past { place, said } in &self.past {
            w.array(5);
            put_name(&mut w, place.actor.chain, place.seq, place.mark, &mut number)?;
            w.bytes(&place.actor.branch).maybe_bytes(said.as_ref().map(|said| &said[..]));
        }
        put_cites(&mut w, &self.awaited);
        w.array(self.unfounded.len());
        for write in &self.unfounded {
            w.array(2);
            put_version(&mut w, &write.version, &mut number)?;
            put_cites(&mut w, &write.cites);
        }
        Ok(w.finish())
    }

    /// Reads the row form.
    ///
    /// # Errors
    /// [`CodecError`] if the row is damaged or names a chain that `chain` does not know.
    pub fn decode(bytes: &[u8], chain: impl Fn(u32) -> Option<ChainId>) -> Result<Self, CodecError> {
        let mut register = Self::default();
        for item in Reader::new(bytes)?.list(|r| read_item(r, &chain))? {
            match item {
                Item::Live(version) => register.live.push(version),
                Item::Rest(past, awaited, unfounded) => {
                    register.past = past;
                    register.awaited = awaited.into_iter().collect();
                    register.unfounded = unfounded.into_iter().collect();
                }
            }
        }
        Ok(register)
    }
}

type Number<'n, E> = &'n mut dyn FnMut(ChainId) -> Result<u32, E>;

fn put_name<E>(
    w: &mut Writer,
    chain: ChainId,
    seq: u64,
    mark: [u8; 8],
    number: Number<'_, E>,
) -> Result<(), E> {
    w.uint(number(chain)?.into()).uint(seq).bytes(&mark);
    Ok(())
}

fn put_version<E>(w: &mut Writer, version: &Version, number: Number<'_, E>) -> Result<(), E> {
    let trunk = version.actor.branch == TRUNK;
    w.array(if trunk { 4 } else { 5 });
    put_name(w, version.actor.chain, version.seq, version.mark, number)?;
    w.value(&version.value);
    if !trunk {
        w.bytes(&version.actor.branch);
    }
    Ok(())
}

/// What is cited and not here may be of a chain that somebody made up: it gets no number, which would stay for ever.
fn put_cites<'c>(w: &mut Writer, cites: impl IntoIterator<Item = &'c Cite, IntoIter: ExactSizeIterator>) {
    let cites = cites.into_iter();
    w.array(cites.len());
    for cite in cites {
        w.array(3).bytes(&cite.chain.0).uint(cite.seq).bytes(&cite.mark);
    }
}

type Chains<'c> = &'c dyn Fn(u32) -> Option<ChainId>;

fn read_chain(r: &mut Reader<'_>, chain: Chains<'_>) -> Result<ChainId, CodecError> {
    chain(r.small()?).ok_or(CodecError::Shape { what: "a chain that is known" })
}

fn read_item(r: &mut Reader<'_>, chain: Chains<'_>) -> Result<Item, CodecError> {
    match r.any_array()? {
        3 => Ok(Item::Rest(
            r.list(|r| read_past(r, chain))?,
            r.list(|r| read_cite(r, chain))?,
            r.list(|r| read_unfounded(r, chain))?,
        )),
        members => read_version(r, members, chain).map(Item::Live),
    }
}

fn read_version(r: &mut Reader<'_>, members: u64, chain: Chains<'_>) -> Result<Version, CodecError> {
    let chain = read_chain(r, chain)?;
    let (seq, mark, value) = (r.uint()?, r.fixed()?, r.value()?);
    let branch = match members {
        4 => TRUNK,
        5 => r.fixed()?,
        _ => return Err(CodecError::Shape { what: "a version of a register" }),
    };
    Ok(Version { actor: Actor { chain, branch }, seq, mark, value })
}

fn read_past(r: &mut Reader<'_>, chain: Chains<'_>) -> Result<Past, CodecError> {
    r.array(5)?;
    let chain = read_chain(r, chain)?;
    let (seq, mark, branch) = (r.uint()?, r.fixed()?, r.fixed()?);
    let place = Place { actor: Actor { chain, branch }, seq, mark };
    Ok(Past { place, said: r.maybe(Reader::fixed)? })
}

fn read_cite(r: &mut Reader<'_>, chain: Chains<'_>) -> Result<Cite, CodecError> {
    r.array(3)?;
    let chain = match r.value()? {
        Value::Bytes(id) => ChainId::from_slice(&id),
        // As rows were written before chains were cited in full.
        Value::Int(number) => u32::try_from(number).ok().and_then(chain),
        _ => None,
    };
    let chain = chain.ok_or(CodecError::Shape { what: "a chain that is known" })?;
    Ok(Cite { chain, seq: r.uint()?, mark: r.fixed()? })
}

fn read_unfounded(r: &mut Reader<'_>, chain: Chains<'_>) -> Result<Write, CodecError> {
    r.array(2)?;
    let members = r.any_array()?;
    let version = read_version(r, members, chain)?;
    Ok(Write { version, cites: r.list(|r| read_cite(r, chain))?, says: Says::Chosen })
}
