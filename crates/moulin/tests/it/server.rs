//! The real program, on a free port over a folder of its own, and a client for it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// A running server; killed when dropped.
pub(super) struct Server {
    folder: tempfile::TempDir,
    child: Child,
    variables: Vec<(String, String)>,
    /// Where it listens, and the session of the person it serves.
    pub(super) client: Client,
}

impl Server {
    pub(super) fn start() -> Self {
        Self::start_with(&[])
    }

    pub(super) fn start_with(variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let variables: Vec<(String, String)> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let (child, address) = launch(folder.path(), "127.0.0.1:0", &variables);
        let mut client = Client { address, cookie: String::new() };
        client.sign_in();
        Self { folder, child, variables, client }
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// `kill -9`.
    pub(super) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts again on the same port.
    pub(super) fn restart(&mut self) {
        let (child, address) = launch(self.folder.path(), &self.client.address, &self.variables);
        self.child = child;
        assert_eq!(address, self.client.address);
    }

    /// Asks it to end, and sees that it does so cleanly.
    pub(super) fn stop(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success(), "the server did not end cleanly");
    }

    /// Makes a document in the first workspace; gives its id.
    pub(super) fn new_document(&self, name: &str) -> String {
        let (status, workspaces) = self.client.request("GET", "/api/orgs/current/workspaces", None).unwrap();
        assert_eq!(status, 200, "{workspaces}");
        let path = format!("/api/workspaces/{}/docs", workspaces[0]["id"]);
        let (status, doc) = self.client.request("POST", &path, Some(&json!({"name": name}))).unwrap();
        assert_eq!(status, 200, "{doc}");
        doc.as_str().unwrap().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn launch(folder: &Path, listen: &str, variables: &[(String, String)]) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_moulin"))
        .args(["serve", "--listen", listen, "--data"])
        .arg(folder)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://").unwrap_or_else(|| panic!("{line:?}"));
    (child, address.to_owned())
}

/// Speaks to a server as a browser does.
#[derive(Clone)]
pub(super) struct Client {
    /// `host:port`.
    pub(super) address: String,
    cookie: String,
}

impl Client {
    /// Visits the home page, as a browser does first: that gives a session.
    fn sign_in(&mut self) {
        let (head, _) = self.exchange("GET", "/", "").unwrap();
        let cookie = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("set-cookie").then(|| value.split(';').next().unwrap_or_default())
        });
        self.cookie = cookie.expect("a session").to_owned();
    }

    /// One request over a connection of its own; the body is JSON in both directions.
    pub(super) fn request(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> std::io::Result<(u16, Value)> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let (head, body) = self.exchange(method, path, &body)?;
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(broken)?;
        Ok((status, serde_json::from_str(&body).unwrap_or(Value::String(body))))
    }

    /// The head and the body of the answer.
    fn exchange(&self, method: &str, path: &str, body: &str) -> std::io::Result<(String, String)> {
        let Self { address, cookie } = self;
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nAccept: text/html,application/json\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}",
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(broken)?;
        let is_chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
        Ok((head.to_owned(), if is_chunked { unchunked(body) } else { body.to_owned() }))
    }
}

fn broken() -> std::io::Error {
    std::io::Error::other("an answer that is cut off")
}

fn unchunked(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 || size > rest.len() {
            break;
        }
        whole.push_str(&rest[..size]);
        body = rest[size..].trim_start_matches("\r\n");
    }
    whole
}
