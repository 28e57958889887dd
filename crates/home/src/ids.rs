//! Ids that nobody can guess, and the time.

use std::time::{SystemTime, UNIX_EPOCH};

use rand::Rng;

/// The letters of ids: none that is mistaken for another.
const ALPHABET: &[u8; 58] = b"123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";

/// How long ids of documents and references to people are: 58^22 is more than 2^128.
const LENGTH: usize = 22;

/// A new random id of 22 letters and digits.
#[must_use]
pub fn new_id() -> String {
    let mut random = rand::rng();
    (0..LENGTH).map(|_| char::from(ALPHABET[random.random_range(0..ALPHABET.len())])).collect()
}

/// Milliseconds since 1970.
#[must_use]
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::new_id;

    #[test]
    fn ids_are_long_and_differ() {
        let (one, other) = (new_id(), new_id());
        assert_eq!(one.len(), 22);
        assert_ne!(one, other);
        assert!(one.bytes().all(|letter| letter.is_ascii_alphanumeric()));
    }
}
