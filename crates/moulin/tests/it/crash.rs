//! Killed at any moment, the server has lost nothing that it acknowledged, and no file is damaged.
//!
//! `MOULIN_CRASH_ROUNDS` says how often; `cargo xtask crash` does it 500 times.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;
use std::time::Duration;

use super::server::{Client, Server};
use serde_json::{Value, json};

/// Adds records one after the other, as fast as they are acknowledged, until the server is gone. Gives the last number acknowledged.
fn write(client: &Client, path: &str, last: &AtomicI64) {
    loop {
        let number = last.load(Ordering::SeqCst) + 1;
        let action = json!([["AddRecord", "Table1", null, {"A": number, "B": format!("row {number}")}]]);
        match client.request("POST", path, Some(&action)) {
            Ok((200, _)) => last.store(number, Ordering::SeqCst),
            _ => return,
        }
    }
}

fn numbers(client: &Client, doc: &str) -> Vec<i64> {
    let path = format!("/api/docs/{doc}/tables/Table1/data");
    let (status, body) = client.request("GET", &path, None).unwrap();
    assert_eq!(status, 200, "{body}");
    body["A"].as_array().unwrap().iter().filter_map(Value::as_f64).map(|number| number as i64).collect()
}

#[test]
fn no_acknowledged_edit_is_lost() {
    let rounds: u64 = std::env::var("MOULIN_CRASH_ROUNDS").map_or(6, |text| text.parse().unwrap());
    let mut server = Server::start();
    let doc = server.new_document("crash");
    let apply = format!("/api/docs/{doc}/apply");
    let typed = json!([["ModifyColumn", "Table1", "A", {"type": "Int", "isFormula": false}],
        ["ModifyColumn", "Table1", "C", {"type": "Any", "isFormula": true, "formula": "$A * 2"}]]);
    let (status, body) = server.client.request("POST", &apply, Some(&typed)).unwrap();
    assert_eq!(status, 200, "{body}");
    let acknowledged = Arc::new(AtomicI64::new(0));
    // A sequence that is different each time, and yet the same for the same number of rounds.
    let mut random = 0x9e37_79b9_7f4a_7c15_u64 ^ rounds;
    for round in 0..rounds {
        let (client, apply, last) = (server.client.clone(), apply.clone(), Arc::clone(&acknowledged));
        let writer = thread::spawn(move || write(&client, &apply, &last));
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        thread::sleep(Duration::from_millis(random % 120));
        server.kill();
        writer.join().unwrap();
        let file = server.folder().join("docs").join(format!("{doc}.grist"));
        store::check_upload(&file).unwrap_or_else(|error| panic!("round {round}: {error}"));
        server.restart();
        let there = numbers(&server.client, &doc);
        let last = acknowledged.load(Ordering::SeqCst);
        // The one that was under way may have been kept without the answer getting through.
        let expected = |upto: i64| (1..=upto).collect::<Vec<_>>();
        assert!(there == expected(last) || there == expected(last + 1), "round {round}: {last}, {there:?}");
        acknowledged.store(there.len() as i64, Ordering::SeqCst);
    }
    assert!(acknowledged.load(Ordering::SeqCst) > 0, "nothing was written at all");
    server.stop();
}
