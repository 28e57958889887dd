//! Requests through a proxy: what it is told, and that it is told no more than that.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::time::Duration;

use outbox::{Addresses, Client, Proxy, Timeouts};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A client that may go anywhere outside, through a proxy on this machine.
async fn client() -> (Client, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let proxy = Proxy::parse(&format!("http://me:secret@127.0.0.1:{port}")).unwrap();
    let addresses = Addresses::new(vec!["*".to_owned()], false);
    let timeouts = Timeouts { connect: Duration::from_secs(5), whole: Duration::from_secs(5) };
    (Client::new(addresses, proxy, timeouts), listener)
}

/// Reads the head of a request and answers it; gives the head, and what comes next.
async fn serve(listener: TcpListener, answer: &str) -> (String, Vec<u8>) {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    stream.write_all(answer.as_bytes()).await.unwrap();
    let mut next = vec![0; 3];
    let read = stream.read_exact(&mut next).await;
    (String::from_utf8(head).unwrap(), if read.is_ok() { next } else { Vec::new() })
}

#[tokio::test]
async fn plain_requests_are_forwarded() {
    let (client, listener) = client().await;
    let sent =
        tokio::spawn(async move { client.post("http://hooks.test/a?b=1", "Bearer key", "[]".into()).await });
    let (head, _) = serve(listener, "HTTP/1.1 204 No Content\r\n\r\n").await;
    assert!(head.starts_with("POST http://hooks.test/a?b=1 HTTP/1.1\r\n"), "{head}");
    let head = head.to_lowercase();
    for line in [
        "host: hooks.test\r\n",
        "authorization: bearer key\r\n",
        "proxy-authorization: basic bwu6c2vjcmv0\r\n",
    ] {
        assert!(head.contains(line), "{line} {head}");
    }
    assert_eq!(sent.await.unwrap().unwrap().status, 204);
}

#[tokio::test]
async fn secure_requests_go_through_a_tunnel() {
    let (client, listener) = client().await;
    let sent =
        tokio::spawn(async move { client.post("https://hooks.test/a", "Bearer key", "[]".into()).await });
    let (head, next) = serve(listener, "HTTP/1.1 200 OK\r\n\r\n").await;
    assert!(head.starts_with("CONNECT hooks.test:443 HTTP/1.1\r\n"), "{head}");
    // The proxy sees neither the path nor the key of the receiver.
    assert!(!head.contains("/a") && !head.contains("Bearer"), "{head}");
    assert_eq!(next[..2], [0x16, 0x03], "TLS begins");
    assert!(sent.await.unwrap().is_err(), "the other side is no server");
}

#[tokio::test]
async fn a_proxy_that_refuses_is_told_of() {
    let (client, listener) = client().await;
    let sent = tokio::spawn(async move { client.post("https://hooks.test/a", "", "[]".into()).await });
    serve(listener, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n").await;
    assert_eq!(sent.await.unwrap().unwrap_err().to_string(), "the proxy answers 407");
}

#[tokio::test]
async fn addresses_of_the_own_network_are_refused_before_the_proxy_is_asked() {
    let (client, _listener) = client().await;
    let said = client.post("http://127.0.0.1:9/", "", "[]".into()).await.unwrap_err().to_string();
    assert_eq!(said, "127.0.0.1 is at 127.0.0.1, which may not be called");
}
