//! What holds of the log whatever is written into it, and whatever bytes are offered to it.

mod properties;
mod strategies;
