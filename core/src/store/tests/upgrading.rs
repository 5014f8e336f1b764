//! upgrading
