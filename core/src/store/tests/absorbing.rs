//! absorbing
