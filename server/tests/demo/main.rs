//! The demonstration: as a library, as a program, and its log before an independent judge.

#![cfg(feature = "demo")]

mod evidence;
mod judged;
mod program;
