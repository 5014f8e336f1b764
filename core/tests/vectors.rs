//! The log against its second implementation: golden vectors read and written, and what Rust writes judged by the Python program
//! (`tests/vectors/README.md`).

mod strategies;
mod vectors_rust;
