//! From source to a [`Formula`].

use crate::formula::{Formula, Place, Refusal, Volatility};
use crate::schema::Schema;
use crate::static_type::StaticType;

/// Compiles a formula. Never fails: what cannot run says why in [`Formula::refusal`].
#[must_use]
pub fn compile(_source: &str, _place: Place, _schema: &dyn Schema) -> Formula {
    Formula {
        dependencies: Vec::new(),
        lookups: Vec::new(),
        opaque: false,
        tables_read: Vec::new(),
        volatility: Volatility::default(),
        result_type: StaticType::Unknown,
        refusal: Some(Refusal::Unsupported("formulas".to_owned())),
        names: Vec::new(),
        program: crate::evaluate::Program::default(),
        vector: None,
    }
}
