//! Who may import whom, and where each outside library may be used: data flows one way, and a library can be replaced in one place.

mod glossary;
mod imports;
mod libraries;
mod links;
mod proofs;
mod source;
mod sql;
