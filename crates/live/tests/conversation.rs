//! Conversations with a server, over a real connection.

use std::sync::Arc;
use std::time::Duration;

use axum::{Extension, Router};
use document::{Documents, NewDocument, Options};
use futures_util::{SinkExt, StreamExt};
use home::{Home, Resource, Site, Standing};
use live::{Live, Rooms};
use login::{Login, Throttle};
use model::Role;
use serde_json::{Value, json};
use settings::Settings;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// How long an answer may take before the test fails: only a limit, nothing waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server with one document of one empty table `Table1`, which Ada owns.
struct Server {
    address: String,
    document: String,
    home: Home,
    live: Live,
    _folder: TempDir,
}

async fn server() -> Server {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::open(&folder.path().join("home.sqlite3")).await.expect("a home");
    let variable = |name: &str| match name {
        "MOULIN_DATA_DIR" => Some(folder.path().to_string_lossy().into_owned()),
        _ => None,
    };
    let settings = Arc::new(Settings::from_variables(&variable).expect("settings"));
    let ada = home.ensure_person("ada@example.com", Some("Ada")).await.expect("a person");
    home.set_api_key(ada.id, Some("key-of-ada")).await.expect("a key");
    let org = home.orgs(&ada).await.expect("sites")[0].org.id;
    let workspace = home.add_workspace(&ada, org, "Home").await.expect("a workspace");
    let new = home::NewDocument { name: "Document".into(), ..home::NewDocument::default() };
    let document = home.add_document(&ada, workspace, &new).await.expect("a document");
    let path = folder.path().join(format!("{document}.grist"));
    document::create(&path, &NewDocument::default()).expect("a file");
    let live = Live::new(Rooms {
        login: Login::new(home.clone(), settings).await.expect("login"),
        home: home.clone(),
        documents: Documents::new(Options::default()),
        throttle: Throttle::new(0),
        folder: folder.path().to_path_buf(),
    });
    let router = Router::new().fallback_service(live.route::<()>()).layer(Extension(Site::Personal));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(axum::serve(listener, router).into_future());
    Server { address, document, home, live, _folder: folder }
}

struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    welcome: Value,
    /// Messages that came while an answer was waited for.
    pushed: Vec<Value>,
    last: Option<u64>,
    requests: u64,
}

impl Server {
    async fn upgrade(
        &self,
        query: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>, Error> {
        let mut request = format!("ws://{}/o/docs/?{query}", self.address).into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("a header"));
        }
        connect_async(request).await.map(|(socket, _)| socket)
    }

    async fn connect(&self, query: &str) -> Client {
        self.connect_as("key-of-ada", query).await
    }

    async fn connect_as(&self, key: &str, query: &str) -> Client {
        let key = format!("Bearer {key}");
        let socket = self.upgrade(query, &[("authorization", &key)]).await.expect("an upgrade");
        let mut client = Client { socket, welcome: Value::Null, pushed: Vec::new(), last: None, requests: 0 };
        client.welcome = client.next().await.expect("a welcome");
        client
    }

    /// Gives Bob a role in the document, or takes it away.
    async fn share_with_bob(&self, role: Option<Role>) {
        let bob = self.home.ensure_person("bob@example.com", Some("Bob")).await.expect("a person");
        self.home.set_api_key(bob.id, Some("key-of-bob")).await.expect("a key");
        let document = Resource::Document(self.document.clone());
        self.home.give(&document, bob.id, role.map(Standing::Role)).await.expect("given");
    }

    async fn joined(&self, options: Value) -> Client {
        let mut client = self.connect("").await;
        let answer = client.ask("openDoc", json!([self.document, options])).await;
        assert_eq!(answer["data"]["docFD"], 0, "{answer}");
        client
    }
}

impl Client {
    /// The next message, or nothing when the connection has ended. The welcome that is said again is left out.
    async fn next(&mut self) -> Option<Value> {
        loop {
            let message = timeout(PATIENCE, self.socket.next()).await.expect("in time")?;
            let Ok(Message::Text(text)) = message else {
                if message.is_ok_and(|message| !message.is_close()) {
                    continue;
                }
                return None;
            };
            let message: Value = serde_json::from_str(&text).expect("JSON");
            if message["dup"] == true {
                continue;
            }
            if let Some(number) = message["seqId"].as_u64() {
                assert_eq!(number, self.last.map_or(number, |last| last + 1), "no gaps: {message}");
                self.last = Some(number);
            }
            return Some(message);
        }
    }

    async fn ask(&mut self, method: &str, arguments: Value) -> Value {
        self.requests += 1;
        let request = json!({"reqId": self.requests, "method": method, "args": arguments});
        self.socket.send(Message::text(request.to_string())).await.expect("sent");
        loop {
            let message = self.next().await.expect("an answer");
            if message["reqId"] == self.requests {
                return message;
            }
            self.pushed.push(message);
        }
    }

    async fn apply(&mut self, actions: Value) -> Value {
        let answer = self.ask("applyUserActions", json!([0, actions])).await;
        assert!(answer["data"]["actionNum"].is_number(), "{answer}");
        answer
    }

    fn id(&self) -> String {
        self.welcome["clientId"].as_str().expect("an id").to_owned()
    }
}

#[tokio::test]
async fn the_author_hears_of_an_edit_before_the_answer_and_so_does_everybody() {
    let server = server().await;
    let (mut ada, mut other) = (server.joined(json!({})).await, server.joined(json!({})).await);
    // The first value in an empty column makes it a column of data.
    ada.apply(json!([["AddRecord", "Table1", null, {"A": "first"}]])).await;
    other.next().await.expect("a broadcast");
    ada.pushed.clear();
    ada.apply(json!([["AddRecord", "Table1", null, {"A": "x"}]])).await;
    let own =
        ada.pushed.iter().find(|push| push["type"] == "docUserAction").expect("heard before the answer");
    assert_eq!(own["fromSelf"], true);
    let heard = other.next().await.expect("a broadcast");
    assert_eq!(heard["fromSelf"], false);
    assert_eq!(heard["data"]["actionGroup"]["fromSelf"], true);
    assert_eq!(
        heard["data"]["docActions"][0],
        json!(["AddRecord", "Table1", 2, {"A": "x", "manualSort": 2.0}])
    );
    let table = other.ask("fetchTable", json!([0, "Table1"])).await;
    assert_eq!(table["data"]["tableData"][3]["A"], json!(["first", "x"]));
}

#[tokio::test]
async fn a_client_goes_on_after_its_connection_broke() {
    let server = server().await;
    let mut ada = server.joined(json!({})).await;
    let mut away = server.joined(json!({})).await;
    away.ask("fetchTable", json!([0, "Table1"])).await;
    let (id, last) = (away.id(), away.last.expect("a number"));
    // The connection breaks without a goodbye.
    drop(away);
    for value in ["p", "q"] {
        ada.apply(json!([["AddRecord", "Table1", null, {"A": value}]])).await;
    }
    let mut back = server.connect(&format!("clientId={id}&newClient=0&lastSeqId={last}")).await;
    assert_eq!((&back.welcome["needReload"], &back.welcome["clientId"]), (&json!(false), &json!(id)));
    let missed = back.welcome["missedMessages"].as_array().expect("a list").clone();
    let missed: Vec<Value> =
        missed.iter().map(|text| serde_json::from_str(text.as_str().expect("text")).expect("JSON")).collect();
    let actions: Vec<&Value> = missed.iter().filter(|push| push["type"] == "docUserAction").collect();
    assert_eq!(actions.len(), 2);
    assert_eq!(missed[0]["seqId"], last + 1);
    let table = back.ask("fetchTable", json!([0, "Table1"])).await;
    assert_eq!(table["data"]["tableData"][2], json!([1, 2]), "the document is still open");
    // Somebody who is not known has to begin anew, and is not served before.
    let mut stranger = server.connect("clientId=nobody&newClient=0").await;
    assert_eq!(stranger.welcome["needReload"], true);
    assert_eq!(stranger.next().await, None);
}

#[tokio::test]
async fn what_makes_no_sense_gets_an_error_or_nothing_and_harms_nobody() {
    let server = server().await;
    let mut ada = server.joined(json!({})).await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let rubbish = [
        Message::text("not json"),
        Message::text("5"),
        Message::text(deep.clone()),
        Message::text(format!("{{\"reqId\":1,\"method\":\"fetchTable\",\"args\":{deep}}}")),
        Message::binary(vec![0xff, 0xfe, 0]),
        Message::binary("{\"beat\":\"alive\"}".as_bytes().to_vec()),
        Message::text(json!({"beat": "alive", "url": "/", "docId": null}).to_string()),
        Message::text("x".repeat(5_000_000)),
        Message::Ping(vec![1].into()),
    ];
    for message in rubbish {
        ada.socket.send(message).await.expect("sent");
    }
    for (method, arguments) in [
        ("", json!([])),
        ("openDoc", json!([{}])),
        ("openDoc", json!(["../../etc/passwd"])),
        ("fetchTable", json!([-1, "Table1"])),
        ("fetchTable", json!([1e300, "Table1"])),
        ("fetchTable", json!([0, {"a": 1}])),
        ("fetchTable", json!([0, "_gristsys_Files"])),
        ("applyUserActions", json!([0, [["AddRecord"]]])),
        ("applyUserActions", json!([0, [[1, 2]]])),
        ("applyUserActionsById", json!([0, [1], [], true])),
        ("openWindow", json!([0, {"tableId": "Nope"}])),
        ("readWindow", json!([0, 99, 0, 10])),
        ("searchColumn", json!([0, "Table1", "Nope", "x", 5])),
    ] {
        let answer = ada.ask(method, arguments.clone()).await;
        assert!(answer["error"].is_string(), "{method} {arguments}: {answer}");
    }
    // Half a connection, half a request: nothing comes, and nothing breaks.
    let half = TcpStream::connect(&server.address).await.expect("a connection");
    half.try_write(b"GET /o/docs/ HTTP/1.1\r\nUpgrade: websocket\r\n").expect("written");
    ada.apply(json!([["AddRecord", "Table1", null, {"A": "fine"}]])).await;
}

#[tokio::test]
async fn who_is_let_in() {
    let server = server().await;
    let foreign = server.upgrade("", &[("origin", "https://evil.example")]).await;
    assert!(matches!(foreign, Err(Error::Http(response)) if response.status() == 403));
    let null = server.upgrade("", &[("origin", "null")]).await;
    assert!(matches!(null, Err(Error::Http(response)) if response.status() == 403));
    let own = format!("http://{}", server.address);
    assert!(server.upgrade("", &[("origin", &own)]).await.is_ok());
    let mut wrong = server.upgrade("", &[("authorization", "Bearer wrong")]).await.expect("an upgrade");
    let said = timeout(PATIENCE, wrong.next()).await.expect("in time");
    assert!(!matches!(said, Some(Ok(Message::Text(_)))), "cut without a word: {said:?}");
    let mut nobody = server.upgrade("", &[]).await.expect("an upgrade");
    let open = json!({"reqId": 1, "method": "openDoc", "args": [server.document]});
    nobody.send(Message::text(open.to_string())).await.expect("sent");
    loop {
        let Some(Ok(Message::Text(text))) = timeout(PATIENCE, nobody.next()).await.expect("in time") else {
            panic!("no answer")
        };
        let answer: Value = serde_json::from_str(&text).expect("JSON");
        if answer["reqId"] == 1 {
            assert_eq!(
                (&answer["errorCode"], &answer["status"]),
                (&json!("AUTH_NO_VIEW"), &json!(403)),
                "{answer}"
            );
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_client_is_bounded_made_to_reload_and_delays_nobody() {
    let server = server().await;
    let mut ada = server.joined(json!({})).await;
    ada.apply(json!([["AddRecord", "Table1", null, {"A": "x"}]])).await;
    // Opens the document, then reads nothing any more.
    let slow = server.joined(json!({})).await;
    let id = slow.id();
    let before = server.live.client_count();
    let large = "x".repeat(2_000_000);
    let mut edits = 0;
    while server.live.client_count() == before {
        assert!(edits < 100, "200 MB wait for a client that does not read");
        ada.apply(json!([["UpdateRecord", "Table1", 1, {"A": format!("{large}{edits}")}]])).await;
        ada.pushed.clear();
        edits += 1;
    }
    let back = server.connect(&format!("clientId={id}&newClient=0&lastSeqId=0")).await;
    assert_eq!(back.welcome["needReload"], true);
    ada.apply(json!([["UpdateRecord", "Table1", 1, {"A": "small"}]])).await;
    drop(slow);
}

#[tokio::test]
async fn windows_tell_of_the_rows_they_hold() {
    let server = server().await;
    let mut ada = server.joined(json!({})).await;
    ada.apply(json!([["BulkAddRecord", "Table1", [null, null, null], {"A": ["b", "a", "b"]}]])).await;
    let mut grid = server.joined(json!({"windows": true})).await;
    let request =
        json!({"tableId": "Table1", "columns": ["A"], "sort": [{"colId": "A"}], "start": 0, "count": 2});
    let opened = grid.ask("openWindow", json!([0, request])).await["data"].clone();
    assert_eq!((&opened["rowCount"], &opened["version"]), (&json!(3), &json!(0)));
    assert_eq!(opened["page"], json!({"start": 0, "rowIds": [2, 1], "columns": {"A": ["a", "b"]}}));
    let window = &opened["windowId"];
    assert_eq!(grid.ask("seekWindow", json!([0, window, 3])).await["data"], json!({"index": 2}));
    assert_eq!(grid.ask("rowIdsOfWindow", json!([0, window, 1, 9])).await["data"], json!({"rowIds": [1, 3]}));
    grid.pushed.clear();
    ada.apply(json!([["UpdateRecord", "Table1", 3, {"A": "0"}]])).await;
    let turn = grid.next().await.expect("a turn");
    assert_eq!(turn["type"], "docUserAction");
    let change = grid.next().await.expect("a change");
    assert_eq!(
        (&change["type"], &change["data"]["version"]),
        (&json!("windowChange"), &json!(1)),
        "{change}"
    );
    assert_eq!(change["data"]["splices"], json!([[2, 1, []], [0, 0, [3]]]), "{change}");
    let values = grid.ask("distinctValues", json!([0, "Table1", "A", 2])).await["data"].clone();
    assert_eq!(values, json!({"values": [["b", 1], ["a", 1]], "more": true}));
    let found = grid.ask("searchColumn", json!([0, "Table1", "A", "B", 5])).await["data"].clone();
    assert_eq!(found, json!({"rows": [[1, "b"]], "more": false}));
    assert_eq!(grid.ask("closeWindow", json!([0, window])).await["data"], Value::Null);
    assert!(grid.ask("readWindow", json!([0, window, 0, 1])).await["error"].is_string());
}

#[tokio::test]
async fn people_are_told_of_each_other() {
    let server = server().await;
    server.share_with_bob(Some(Role::Editor)).await;
    let mut ada = server.joined(json!({})).await;
    let mut bob = server.connect_as("key-of-bob", "").await;
    bob.ask("openDoc", json!([server.document])).await;
    let come = ada.next().await.expect("told");
    assert_eq!((&come["type"], &come["docFD"]), (&json!("docUserPresenceUpdate"), &json!(0)));
    let id = &come["data"]["id"];
    let profile =
        json!({"id": id, "name": "Bob", "email": "bob@example.com", "picture": null, "isAnonymous": false});
    assert_eq!(come["data"]["profile"], profile);
    assert_eq!(ada.ask("listActiveUserProfiles", json!([0])).await["data"], json!([profile]));
    bob.ask("closeDoc", json!([0])).await;
    let gone = ada.next().await.expect("told");
    assert_eq!((&gone["data"]["id"], &gone["data"]["profile"]), (id, &Value::Null));
    assert_eq!(ada.ask("listActiveUserProfiles", json!([0])).await["data"], json!([]));
}

#[tokio::test]
async fn roles_hold_and_change_while_a_document_is_open() {
    let server = server().await;
    server.share_with_bob(Some(Role::Viewer)).await;
    let mut ada = server.joined(json!({})).await;
    let mut bob = server.connect_as("key-of-bob", "").await;
    let opened = bob.ask("openDoc", json!([server.document])).await;
    assert_eq!(opened["data"]["user"]["Access"], "viewers");
    assert_eq!(opened["data"]["docUsage"]["rowCount"], "hidden");
    let edit = json!([0, [["AddRecord", "Table1", null, {"A": "x"}]]]);
    let refused = bob.ask("applyUserActions", edit.clone()).await;
    assert_eq!(refused["errorCode"], "AUTH_NO_EDIT");
    assert_eq!(refused["details"], json!({"status": 403, "accessMode": "default"}));
    let refused = bob.ask("startTiming", json!([0])).await;
    assert_eq!(refused["errorCode"], "AUTH_NO_OWNER");
    server.share_with_bob(None).await;
    // What is known of rights may be a second old.
    let mut refused = bob.ask("fetchTable", json!([0, "Table1"])).await;
    while refused["error"].is_null() {
        refused = bob.ask("fetchTable", json!([0, "Table1"])).await;
    }
    assert_eq!(refused["errorCode"], "AUTH_NO_VIEW");
    ada.apply(json!([["AddRecord", "Table1", null, {"A": "secret"}]])).await;
    let told = bob.next().await.expect("told");
    assert_eq!((&told["type"], &told["data"]), (&json!("docShutdown"), &Value::Null));
}
