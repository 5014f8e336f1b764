//! The uniffi boundary; empty until the phone packages are built.
