//! Webhooks over TLS: a receiver is told if its certificate is trusted, and learns nothing if it is not.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::{Value, json};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, Stream};

use super::server::Server;

/// A receiver with a certificate for `localhost`; gives its port, what it is told, and the authority that vouches for it.
fn receiver() -> (u16, mpsc::Receiver<String>, String) {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(Vec::<String>::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let pem = authority.self_signed(&authority_key).unwrap().pem();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.into())
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for tcp in listener.incoming() {
            let mut tcp = tcp.unwrap();
            let mut connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = Stream::new(&mut connection, &mut tcp);
            let mut request = Vec::new();
            let mut piece = [0; 4096];
            // A request is whole when the list in it is closed.
            while !request.ends_with(b"]") {
                match stream.read(&mut piece) {
                    Ok(read) if read > 0 => request.extend_from_slice(&piece[..read]),
                    _ => break,
                }
            }
            let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            let _ = stream.flush();
            if tell.send(String::from_utf8_lossy(&request).into_owned()).is_err() {
                return;
            }
        }
    });
    (port, told, pem)
}

/// Adds a row that the receiver is to be told of; gives how it went.
fn tell(server: &Server, port: u16) -> Value {
    let doc = server.new_document("secure");
    let fields =
        json!({"url": format!("https://localhost:{port}/"), "eventTypes": ["add"], "tableId": "Table1"});
    let path = format!("/api/docs/{doc}/webhooks");
    let body = json!({"webhooks": [{"fields": fields}]});
    assert_eq!(server.client.request("POST", &path, Some(&body)).unwrap().0, 200);
    let action = json!([["AddRecord", "Table1", null, {"A": "between us"}]]);
    let apply = format!("/api/docs/{doc}/apply");
    assert_eq!(server.client.request("POST", &apply, Some(&action)).unwrap().0, 200);
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let usage = server.client.request("GET", &path, None).unwrap().1["webhooks"][0]["usage"].clone();
        if usage["lastEventBatch"].is_object()
            && ["idle", "postponed"].iter().any(|word| usage["status"] == *word)
        {
            return usage;
        }
        assert!(Instant::now() < end, "{usage}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_certificate_must_be_trusted() {
    let (port, told, authority) = receiver();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    std::fs::write(&file, authority).unwrap();
    let variables = [("ALLOWED_WEBHOOK_DOMAINS", "localhost"), ("GRIST_TRIGGER_MAX_ATTEMPTS", "1")];

    let stranger = Server::start_with(&variables);
    let usage = tell(&stranger, port);
    assert_eq!(usage["lastErrorMessage"], "invalid peer certificate: UnknownIssuer", "{usage}");
    assert_eq!(told.recv_timeout(Duration::from_secs(30)).unwrap(), "", "nothing of it was sent");
    stranger.stop();

    let path = file.display().to_string();
    let server = Server::start_with(&[variables[0], variables[1], ("SSL_CERT_FILE", &path)]);
    assert_eq!(tell(&server, port)["lastEventBatch"]["status"], "success");
    let request = told.recv_timeout(Duration::from_secs(30)).unwrap();
    assert!(request.starts_with("POST / HTTP/1.1\r\n") && request.contains("between us"), "{request}");
    server.stop();
}
