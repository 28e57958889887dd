//! The first words of a connection: what the client says in the address, and `clientConnect`, which answers it.

use std::collections::HashMap;

use serde_json::{Value, json};

/// What a client says of itself in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Greeting {
    /// The id it was given before; empty: none.
    pub(crate) client: String,
    /// Whether it remembers nothing of what it was told before.
    pub(crate) is_new: bool,
    /// The number of the last message that it received.
    pub(crate) last_seq: Option<u64>,
}

impl Greeting {
    pub(crate) fn of(query: &HashMap<String, String>) -> Self {
        let get = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
        Self {
            client: get("clientId").to_owned(),
            is_new: get("newClient") != "0",
            last_seq: get("lastSeqId").parse().ok(),
        }
    }
}

/// The answer to a greeting.
#[derive(Clone, Debug)]
pub(crate) struct Welcome {
    pub(crate) client: String,
    pub(crate) is_dead_end: bool,
    /// Messages that it missed, and the number of its last request; for one that goes on.
    pub(crate) resumed: Option<(Vec<String>, Option<f64>)>,
}

impl Welcome {
    /// As text. `again`: it is said twice, in case the first was too early for the client.
    pub(crate) fn text(&self, again: bool) -> String {
        let mut message = json!({
            "serverVersion": concat!("moulin-", env!("CARGO_PKG_VERSION")),
            "settings": {},
            "type": "clientConnect",
            "clientId": self.client,
        });
        if let Some((missed, last)) = &self.resumed {
            message["missedMessages"] = missed.as_slice().into();
            message["needReload"] = false.into();
            message["lastReceivedReqId"] = last.map_or_else(|| Value::from("none"), number);
        } else {
            message["needReload"] = self.is_dead_end.into();
        }
        if again {
            message["dup"] = true.into();
        }
        message.to_string()
    }
}

/// Whole numbers are written without a point.
fn number(float: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "compared just after")]
    let int = float as i64;
    #[expect(clippy::cast_precision_loss, reason = "request numbers are small")]
    if int as f64 == float { Value::from(int) } else { Value::from(float) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_counts_as_new() {
        let of = |pairs: &[(&str, &str)]| {
            Greeting::of(&pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
        };
        assert_eq!(of(&[]), Greeting { client: String::new(), is_new: true, last_seq: None });
        assert_eq!(
            of(&[("clientId", "a"), ("newClient", "0"), ("lastSeqId", "7")]),
            Greeting { client: "a".into(), is_new: false, last_seq: Some(7) }
        );
        assert_eq!(of(&[("newClient", "1"), ("lastSeqId", "x")]).last_seq, None);
    }

    #[test]
    fn a_welcome_says_what_was_missed() {
        let welcome = |resumed| Welcome { client: "a".into(), is_dead_end: false, resumed };
        let said = welcome(Some((vec!["{}".to_owned()], None))).text(true);
        let said: Value = serde_json::from_str(&said).expect("JSON");
        assert_eq!(
            (&said["missedMessages"], &said["lastReceivedReqId"], &said["dup"]),
            (&json!(["{}"]), &json!("none"), &json!(true))
        );
        let said = welcome(None).text(false);
        assert!(!said.contains("missed") && said.contains(r#""needReload":false"#));
        assert!(welcome(Some((vec![], Some(4.0)))).text(false).contains(r#""lastReceivedReqId":4"#));
    }
}
