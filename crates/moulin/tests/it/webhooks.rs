//! What was acknowledged before the program was killed is delivered by the next run, in order.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::server::Server;

/// Takes one request after the other and passes their bodies on, once it is told to begin.
fn receive(listener: TcpListener) -> mpsc::Receiver<Value> {
    let (bodies, received) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.unwrap());
            let (mut line, mut length) = (String::new(), 0);
            while reader.read_line(&mut line).unwrap() > 2 {
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                line.clear();
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            write!(reader.get_mut(), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
            if bodies.send(serde_json::from_slice(&body).unwrap()).is_err() {
                return;
            }
        }
    });
    received
}

#[test]
fn what_waits_outlives_the_program() {
    // The port is ours, but nobody answers there yet.
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let mut server = Server::start_with(&[("ALLOWED_WEBHOOK_DOMAINS", "localhost")]);
    let doc = server.new_document("hooks");
    let fields =
        json!({"url": format!("http://localhost:{port}/"), "eventTypes": ["add"], "tableId": "Table1"});
    let path = format!("/api/docs/{doc}/webhooks");
    let body = json!({"webhooks": [{"fields": fields}]});
    let (status, made) = server.client.request("POST", &path, Some(&body)).unwrap();
    assert_eq!(status, 200, "{made}");
    let apply = format!("/api/docs/{doc}/apply");
    for at in 0..5 {
        let action = json!([["AddRecord", "Table1", null, {"A": format!("v{at}")}]]);
        assert_eq!(server.client.request("POST", &apply, Some(&action)).unwrap().0, 200);
        server.kill();
        server.restart();
    }
    let received = receive(TcpListener::bind(("127.0.0.1", port)).unwrap());
    // Nobody opens the document: the server finds it by itself.
    server.kill();
    server.restart();
    let mut told = Vec::new();
    while told.len() < 5 {
        let body = received.recv_timeout(Duration::from_secs(60)).unwrap();
        told.extend(body.as_array().unwrap().iter().map(|row| row["A"].as_str().unwrap().to_owned()));
    }
    assert_eq!(told, ["v0", "v1", "v2", "v3", "v4"]);
    server.stop();
}
