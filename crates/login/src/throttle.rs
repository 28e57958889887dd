//! How much may be asked of one document at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts requests under way, by document. Cheap to clone; all clones count together.
#[derive(Clone, Debug)]
pub struct Throttle {
    limit: u32,
    under_way: Arc<Mutex<HashMap<String, u32>>>,
}

/// Held while a request is under way.
#[derive(Debug)]
pub struct Turnstile {
    throttle: Throttle,
    document: String,
}

impl Throttle {
    /// At most `limit` at a time; 0 means no limit.
    #[must_use]
    pub fn new(limit: u32) -> Self {
        Self { limit, under_way: Arc::default() }
    }

    /// Lets a request in, or refuses: answer 429 then. Hold the result until the answer is out.
    #[must_use]
    pub fn enter(&self, document: &str) -> Option<Turnstile> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let count = under_way.entry(document.to_owned()).or_default();
        if self.limit > 0 && *count >= self.limit {
            return None;
        }
        *count += 1;
        Some(Turnstile { throttle: self.clone(), document: document.to_owned() })
    }
}

impl Drop for Turnstile {
    fn drop(&mut self) {
        let mut under_way = self.throttle.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = under_way.get_mut(&self.document) {
            *count -= 1;
            if *count == 0 {
                under_way.remove(&self.document);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Throttle;

    #[test]
    fn so_many_and_no_more() {
        let throttle = Throttle::new(2);
        let one = throttle.enter("a");
        let two = throttle.enter("a");
        assert!(one.is_some() && two.is_some() && throttle.enter("a").is_none());
        assert!(throttle.enter("b").is_some());
        drop(one);
        assert!(throttle.enter("a").is_some());
        let free = Throttle::new(0);
        let held: Vec<_> = (0..100).map(|_| free.enter("a")).collect();
        assert!(held.iter().all(Option::is_some));
    }
}
