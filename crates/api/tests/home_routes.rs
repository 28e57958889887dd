//! The real router, over HTTP.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;

use api::Server;
use axum::Router;
use document::{Documents, Options};
use home::Home;
use login::{Login, Throttle};
use serde_json::{Value, json};
use settings::Settings;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

struct Running {
    _folder: tempfile::TempDir,
    server: Server,
    address: std::net::SocketAddr,
}

struct Answer {
    status: u16,
    headers: String,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.headers.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// A server with Ada (key `ada-key`) and Bob (key `bob-key`).
async fn start(variables: &[(&str, &str)]) -> Running {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("docs")).unwrap();
    let data = folder.path().display().to_string();
    let found = |name: &str| {
        let given = variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        given.or_else(|| (name == "MOULIN_DATA_DIR").then(|| data.clone()))
    };
    let settings = Arc::new(Settings::from_variables(&found).unwrap());
    let home = Home::open(&folder.path().join("home.sqlite3")).await.unwrap();
    for name in ["ada", "bob"] {
        let person = home.ensure_person(&format!("{name}@x.test"), Some(name)).await.unwrap();
        home.set_api_key(person.id, Some(&format!("{name}-key"))).await.unwrap();
    }
    let login = Login::new(home.clone(), Arc::clone(&settings)).await.unwrap();
    let throttle = Throttle::new(settings.max_parallel_requests);
    let documents = Documents::new(Options::default());
    let outbox = api::outbox(&settings, &home, &documents).unwrap();
    let server = Server { settings, home, login, documents, outbox, throttle };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, api::router(&server, Router::new())).into_future());
    Running { _folder: folder, server, address }
}

impl Running {
    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        // The server may refuse before it has read everything.
        let _ = stream.write_all(body).await;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let headers = String::from_utf8_lossy(&answer[..end]).into_owned();
        let status = headers.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, headers, body: answer[end + 4..].to_vec() }
    }

    /// As somebody with a key (`ada`, `bob`), or as nobody (an empty name).
    async fn ask(&self, who: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        let key = format!("Bearer {who}-key");
        let mut headers = vec![("X-Requested-With", "XMLHttpRequest")];
        if !who.is_empty() {
            headers.push(("Authorization", &key));
        }
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        if !body.is_empty() {
            headers.push(("Content-Type", "application/json"));
        }
        self.send(method, path, &headers, body.as_bytes()).await
    }

    /// The number of the first workspace of a person.
    async fn workspace(&self, who: &str) -> i64 {
        let listed = self.ask(who, "GET", "/api/orgs/current/workspaces", None).await.json();
        listed[0]["id"].as_i64().unwrap()
    }
}

#[tokio::test]
async fn a_document_from_making_to_removing() {
    let running = start(&[]).await;
    let workspace = running.workspace("ada").await;
    let made = running
        .ask("ada", "POST", &format!("/api/workspaces/{workspace}/docs"), Some(json!({"name": "Book"})))
        .await;
    assert_eq!(made.status, 200);
    let id = made.json().as_str().unwrap().to_owned();
    let path = format!("/api/docs/{id}");
    assert!(running.server.document_path(&id).exists());
    let shown = running.ask("ada", "GET", &path, None).await.json();
    assert_eq!((&shown["name"], &shown["access"]), (&json!("Book"), &json!("owners")));
    assert_eq!(running.ask("bob", "GET", &path, None).await.status, 403);
    assert_eq!(running.ask("", "GET", &path, None).await.status, 403);
    let delta = json!({"delta": {"users": {"bob@x.test": "viewers"}}});
    assert_eq!(running.ask("ada", "PATCH", &format!("{path}/access"), Some(delta)).await.status, 200);
    assert_eq!(running.ask("bob", "GET", &path, None).await.json()["access"], "viewers");
    assert_eq!(running.ask("bob", "PATCH", &path, Some(json!({"name": "x"}))).await.status, 403);
    let fork = running.ask("bob", "POST", &format!("{path}/fork"), None).await.json();
    let fork = fork["docId"].as_str().unwrap().to_owned();
    assert!(running.server.document_path(&fork).exists());
    assert_eq!(
        running.ask("bob", "GET", &format!("/api/docs/{fork}"), None).await.json()["access"],
        "owners"
    );
    assert_eq!(running.ask("ada", "POST", &format!("{path}/remove"), None).await.status, 200);
    assert_eq!(running.ask("ada", "GET", &path, None).await.status, 404);
    assert_eq!(running.ask("ada", "POST", &format!("{path}/unremove"), None).await.status, 200);
    assert_eq!(running.ask("ada", "DELETE", &path, None).await.status, 200);
    assert!(!running.server.document_path(&id).exists() && !running.server.document_path(&fork).exists());
}

fn form(file: &str, bytes: &[u8]) -> Vec<u8> {
    let mut body =
        format!("--XX\r\nContent-Disposition: form-data; name=\"upload\"; filename=\"{file}\"\r\n\r\n")
            .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(
        b"\r\n--XX\r\nContent-Disposition: form-data; name=\"documentName\"\r\n\r\nMine\r\n--XX--\r\n",
    );
    body
}

#[tokio::test]
async fn files_are_imported_if_they_are_documents() {
    let running = start(&[]).await;
    let workspace = running.workspace("ada").await;
    let path = format!("/api/workspaces/{workspace}/import");
    let headers = [("Authorization", "Bearer ada-key"), ("Content-Type", "multipart/form-data; boundary=XX")];
    let original = running.server.documents_folder().join("original.grist");
    document::create(&original, &document::NewDocument::default()).unwrap();
    let bytes = std::fs::read(&original).unwrap();
    let answer = running.send("POST", &path, &headers, &form("a.grist", &bytes)).await;
    assert_eq!(answer.status, 200);
    let answer = answer.json();
    assert_eq!(answer["title"], "Mine");
    assert_eq!(std::fs::read(running.server.document_path(answer["id"].as_str().unwrap())).unwrap(), bytes);
    for (name, content) in [("a.grist", &b"no database"[..]), ("a.grist", &bytes[..5000]), ("a.doc", &bytes)]
    {
        let answer = running.send("POST", &path, &headers, &form(name, content)).await;
        assert_eq!(answer.status, 400, "{name}");
        assert!(answer.json()["error"].is_string());
    }
    let left = std::fs::read_dir(running.server.documents_folder()).unwrap().count();
    assert_eq!(left, 2, "nothing of what was refused is left");
}

#[tokio::test]
async fn what_pages_of_other_sites_send_is_refused() {
    let running = start(&[]).await;
    let with_key = [("Authorization", "Bearer ada-key"), ("Origin", "https://evil.example")];
    assert_eq!(running.send("GET", "/api/orgs", &with_key, b"").await.status, 403);
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    assert_eq!(running.send("POST", "/api/docs", &form, b"").await.status, 401);
    let answer = running.send("OPTIONS", "/api/orgs", &[("Origin", "https://evil.example")], b"").await;
    assert_eq!((answer.status, answer.header("Access-Control-Allow-Origin")), (200, Some("*")));
    assert_eq!(answer.header("Access-Control-Allow-Credentials"), None);
}

#[tokio::test]
async fn errors_have_one_shape() {
    let running = start(&[]).await;
    let large = format!("{{\"name\": \"{}\"}}", "x".repeat(2 << 20));
    let json = [("Authorization", "Bearer ada-key"), ("Content-Type", "application/json")];
    let cases = [
        ("GET", "/api/no/such?x=1", &b""[..], 404),
        ("DELETE", "/api/orgs", b"", 404),
        ("GET", "/api/workspaces/abc", b"", 400),
        ("GET", "/api/docs/nosuchdocument1234", b"", 404),
        ("POST", "/api/orgs", b"{\"name\": ", 400),
        ("POST", "/api/orgs", large.as_bytes(), 413),
        ("DELETE", "/api/orgs/docs", b"", 410),
        ("GET", "/api/scim/v2/Users", b"", 501),
    ];
    for (method, path, body, status) in cases {
        let answer = running.send(method, path, &json, body).await;
        assert_eq!(answer.status, status, "{method} {path}");
        assert!(answer.json()["error"].is_string(), "{method} {path}");
        assert_eq!(answer.header("Cache-Control"), Some("no-cache"), "{method} {path}");
    }
    let missing = running.ask("ada", "GET", "/o/docs/api/no/such?x=1", None).await;
    assert_eq!(missing.json()["error"], "not found: /o/docs/api/no/such?x=1");
    assert_eq!(running.send("GET", "/api/orgs", &[("Authorization", "Bearer x")], b"").await.status, 401);
}

#[tokio::test]
async fn a_browser_is_signed_in_as_the_default_person() {
    let running = start(&[]).await;
    let page = running.send("GET", "/", &[], b"").await;
    assert_eq!((page.status, page.header("Content-Type")), (200, Some("text/html; charset=utf-8")));
    let cookie = page.header("Set-Cookie").unwrap().split(';').next().unwrap().to_owned();
    let session = [("Cookie", cookie.as_str())];
    let person = running.send("GET", "/api/profile/user", &session, b"").await.json();
    assert_eq!(person["email"], "you@example.com");
    let again = running.send("GET", "/doc/somewhere", &session, b"").await;
    assert_eq!((again.status, again.header("Set-Cookie")), (200, None));
    let out = running.send("GET", "/logout?next=//evil.example", &session, b"").await;
    assert_eq!((out.status, out.header("Location")), (303, Some("/")));
    let cookie = out.header("Set-Cookie").unwrap().split(';').next().unwrap().to_owned();
    let person = running.send("GET", "/api/profile/user", &[("Cookie", &cookie)], b"").await.json();
    assert_eq!(person["anonymous"], true);
    let plain = start(&[("GRIST_DEFAULT_EMAIL", "")]).await;
    assert_eq!(plain.send("GET", "/", &[], b"").await.header("Set-Cookie"), None);
    assert_eq!(plain.send("GET", "/assets/nothing.js", &[], b"").await.status, 404);
}

#[tokio::test]
async fn scim_and_accounts_for_programs_when_they_are_on() {
    let running = start(&[
        ("GRIST_ENABLE_SCIM", "1"),
        ("GRIST_ENABLE_SERVICE_ACCOUNTS", "1"),
        ("GRIST_ADMIN_EMAIL", "ada@x.test"),
    ])
    .await;
    assert_eq!(running.ask("bob", "GET", "/api/scim/v2/Users", None).await.status, 403);
    let user = json!({"userName": "cy@x.test", "displayName": "Cy"});
    let made = running.ask("ada", "POST", "/api/scim/v2/Users", Some(user.clone())).await;
    assert_eq!((made.status, made.header("Content-Type")), (201, Some("application/scim+json")));
    assert_eq!(running.ask("ada", "POST", "/api/scim/v2/Users", Some(user)).await.status, 409);
    let path = format!("/api/scim/v2/Users/{}", made.json()["id"].as_str().unwrap());
    assert_eq!(running.ask("ada", "DELETE", &path, None).await.status, 204);
    assert_eq!(running.ask("ada", "GET", &path, None).await.status, 404);

    let body = json!({"label": "robot", "expiresAt": "2999-01-01"});
    let account = running.ask("bob", "POST", "/api/service-accounts", Some(body)).await.json();
    let key = format!("Bearer {}", account["key"].as_str().unwrap());
    let robot = running.send("GET", "/api/profile/user", &[("Authorization", &key)], b"").await;
    assert_eq!(robot.json()["email"], account["login"]);
    let path = format!("/api/service-accounts/{}", account["id"]);
    assert_eq!(running.ask("ada", "GET", &path, None).await.status, 403);
    let expired = json!({"expiresAt": "2001-01-01T00:00:00Z"});
    assert_eq!(running.ask("bob", "PATCH", &path, Some(expired)).await.status, 200);
    assert_eq!(running.send("GET", "/api/orgs", &[("Authorization", &key)], b"").await.status, 401);
    assert_eq!(running.ask("bob", "GET", &path, None).await.json()["hasValidKey"], false);
}

#[tokio::test]
async fn changes_of_documents_are_noted_at_the_end_at_the_latest() {
    let running = start(&[]).await;
    let workspace = running.workspace("ada").await;
    let made = running
        .ask("ada", "POST", &format!("/api/workspaces/{workspace}/docs"), Some(json!({"name": "Book"})))
        .await
        .json();
    let id = made.as_str().unwrap().to_owned();
    let updated = async || {
        running.ask("ada", "GET", &format!("/api/docs/{id}"), None).await.json()["updatedAt"].clone()
    };
    running.server.home.note_changes([id.as_str()], 0).await.unwrap();
    assert_eq!(updated().await, "1970-01-01T00:00:00.000Z");
    let (changed, changes) = tokio::sync::mpsc::unbounded_channel();
    let (end, ended) = tokio::sync::oneshot::channel();
    changed.send(id.clone()).unwrap();
    end.send(()).unwrap();
    api::note_changes(running.server.home.clone(), changes, ended).await;
    assert_ne!(updated().await, "1970-01-01T00:00:00.000Z");
}
