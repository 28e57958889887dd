//! What can be wrong with a setting.

/// A setting that cannot be understood.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The value does not fit the type.
    #[error("{name} is {value:?}, but should be {expected}")]
    Value {
        /// The name under which it was given.
        name: &'static str,
        /// What was given.
        value: String,
        /// What would be right.
        expected: &'static str,
    },
    /// There is no place for the data.
    #[error("there is no home directory to keep data in: set MOULIN_DATA_DIR, or give --data")]
    NoDataDir,
}
