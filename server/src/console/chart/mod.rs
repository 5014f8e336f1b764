//! Charts: drawn here as SVG, the same bytes for the same figures, with a title for readers and a table beside them in the
//! page. Colours come from the style sheet by class; every mark also differs in shape.

mod spark;
mod strip;

pub(super) use spark::Sparkline;
pub(super) use strip::{Cell, Look, Strip};

use super::parts::Piece;

impl Piece for Sparkline {}
impl Piece for Strip {}
