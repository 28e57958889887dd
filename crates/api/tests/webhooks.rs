//! Webhooks, from the edit to the receiver: a real router, a real receiver on this machine.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use api::Server;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, Uri};
use document::{Documents, Options};
use home::Home;
use login::{Login, Throttle};
use serde_json::{Value, json};
use settings::Settings;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tower::ServiceExt;

/// What came in: path, authorization, body.
type Received = Arc<Mutex<Vec<(String, String, Value)>>>;

/// A receiver: `/hang` never answers, `/no…` refuses, everything else takes what comes.
async fn receiver() -> (String, Received) {
    let received = Received::default();
    let kept = Arc::clone(&received);
    let take = move |uri: Uri, headers: HeaderMap, body: String| {
        let kept = Arc::clone(&kept);
        async move {
            let key = headers.get("authorization").map_or("", |value| value.to_str().unwrap()).to_owned();
            assert_eq!(headers["content-type"], "application/json");
            kept.lock().unwrap().push((uri.path().to_owned(), key, serde_json::from_str(&body).unwrap()));
            if uri.path() == "/hang" {
                std::future::pending::<()>().await;
            }
            if uri.path().starts_with("/no") {
                (StatusCode::IM_A_TEAPOT, "no tea")
            } else {
                (StatusCode::OK, "")
            }
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(axum::serve(listener, Router::new().fallback(take)).into_future());
    (address, received)
}

struct Running {
    _folder: tempfile::TempDir,
    router: Router,
    document: String,
}

/// A server with a document that has a table T (A: Text, N: Int, Ready: Bool, F = $N + 1).
async fn start(variables: &[(&str, &str)]) -> Running {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("docs")).unwrap();
    let data = folder.path().display().to_string();
    let found = |name: &str| {
        let given = variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        given.or_else(|| match name {
            "MOULIN_DATA_DIR" => Some(data.clone()),
            "GRIST_TRIGGER_WAIT_DELAY" => Some("10".to_owned()),
            _ => None,
        })
    };
    let settings = Arc::new(Settings::from_variables(&found).unwrap());
    let home = Home::open(&folder.path().join("home.sqlite3")).await.unwrap();
    let person = home.ensure_person("ada@x.test", Some("ada")).await.unwrap();
    home.set_api_key(person.id, Some("ada-key")).await.unwrap();
    let login = Login::new(home.clone(), Arc::clone(&settings)).await.unwrap();
    let throttle = Throttle::new(settings.max_parallel_requests);
    let (outgoing, news) = mpsc::unbounded_channel();
    let documents = Documents::new(Options { outgoing: Some(outgoing), ..Options::default() });
    let outbox = api::outbox(&settings, &home, &documents).unwrap();
    let server = Server { settings, home, login, documents, outbox, throttle };
    tokio::spawn(api::deliver(server.clone(), news));
    let mut running =
        Running { _folder: folder, router: api::router(&server, Router::new()), document: String::new() };
    let orgs = running.ask("GET", "/api/orgs", None).await.1;
    let wid = running
        .ask("POST", &format!("/api/orgs/{}/workspaces", orgs[0]["id"]), Some(json!({"name": "W"})))
        .await
        .1;
    let id =
        running.ask("POST", &format!("/api/workspaces/{wid}/docs"), Some(json!({"name": "Doc"}))).await.1;
    running.document = id.as_str().unwrap().to_owned();
    running
        .about(
            "POST",
            "/tables",
            json!({"tables": [{"id": "T", "columns": [
                {"id": "A", "fields": {"type": "Text"}},
                {"id": "N", "fields": {"type": "Int"}},
                {"id": "Ready", "fields": {"type": "Bool"}},
                {"id": "F", "fields": {"type": "Any", "isFormula": true, "formula": "$N + 1"}},
            ]}]}),
        )
        .await;
    running
}

impl Running {
    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let request = Request::builder().method(method).uri(path).header("authorization", "Bearer ada-key");
        let request = request.header("host", "x.test").header("content-type", "application/json");
        let body = body.map_or(Body::empty(), |body| body.to_string().into());
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }
    async fn about(&self, method: &str, path: &str, body: Value) -> Value {
        let body = Some(body).filter(|body| !body.is_null());
        let (status, answer) = self.ask(method, &format!("/api/docs/{}{path}", self.document), body).await;
        assert_eq!(status, 200, "{method} {path}: {answer}");
        answer
    }
    async fn hook(&self, url: &str, more: Value) -> String {
        let mut fields = json!({"url": url, "eventTypes": ["add", "update"], "tableId": "T"});
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = self.about("POST", "/webhooks", json!({"webhooks": [{"fields": fields}]})).await;
        made["webhooks"][0]["id"].as_str().unwrap().to_owned()
    }
    async fn add(&self, rows: &[Value]) {
        let records: Vec<Value> = rows.iter().map(|row| json!({"fields": row})).collect();
        self.about("POST", "/tables/T/records", json!({"records": records})).await;
    }
    async fn change(&self, id: u32, fields: Value) {
        self.about("PATCH", "/tables/T/records", json!({"records": [{"id": id, "fields": fields}]})).await;
    }
    async fn usage(&self, id: &str) -> Value {
        let list = self.about("GET", "/webhooks", Value::Null).await;
        list["webhooks"].as_array().unwrap().iter().find(|hook| hook["id"] == id).unwrap()["usage"].clone()
    }
    /// How it goes with a webhook, once that is as expected.
    async fn usage_when(&self, id: &str, expected: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            let usage = self.usage(id).await;
            if expected(&usage) || Instant::now() > end {
                assert!(expected(&usage), "{usage}");
                return usage;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    async fn settled(&self, id: &str) -> Value {
        self.usage_when(id, |usage| usage["status"] == "idle" && usage["numWaiting"] == 0).await
    }
}

/// The column A of all rows that came to a path, in the order in which they came.
fn rows(received: &Received, path: &str) -> Vec<Value> {
    let received = received.lock().unwrap();
    let bodies = received.iter().filter(|(to, ..)| to == path).map(|(.., body)| body.as_array().unwrap());
    bodies.flatten().map(|row| row["A"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_are_added_and_changed_are_told() {
    let (to, received) = receiver().await;
    let running = start(&[("ALLOWED_WEBHOOK_DOMAINS", "localhost")]).await;
    let url = |path: &str| format!("{to}{path}");
    let add =
        running.hook(&url("/add"), json!({"eventTypes": ["add"], "authorization": "Bearer sesame"})).await;
    let update = running.hook(&url("/update"), json!({"eventTypes": ["update"]})).await;
    let ready = running.hook(&url("/ready"), json!({"isReadyColumn": "Ready"})).await;
    let watched =
        running.hook(&url("/watched"), json!({"eventTypes": ["update"], "watchedColIds": ["F"]})).await;
    let condition = json!({"text": "$N > 5 and oldRec.N <= 5"}).to_string();
    let met = running.hook(&url("/met"), json!({"condition": condition})).await;
    running.add(&[json!({"A": "x", "N": 1}), json!({"A": "y", "N": 9})]).await;
    running.change(1, json!({"A": "xx"})).await;
    running.change(1, json!({"N": 7})).await;
    running.change(1, json!({"N": 8})).await;
    running.change(2, json!({"Ready": true})).await;
    running.change(2, json!({"A": "yy"})).await;
    for id in [&add, &update, &ready, &watched, &met] {
        let usage = running.settled(id).await;
        assert_eq!(
            (&usage["lastEventBatch"]["status"], &usage["lastHttpStatus"]),
            (&json!("success"), &json!(200))
        );
    }
    let (first, key) = {
        let received = received.lock().unwrap();
        let (_, key, body) = received.iter().find(|(path, ..)| path == "/add").unwrap();
        (body[0].clone(), key.clone())
    };
    assert_eq!(first, json!({"id": 1, "manualSort": 1, "A": "x", "N": 1, "Ready": false, "F": 2}));
    assert_eq!(key, "Bearer sesame");
    assert_eq!(rows(&received, "/add"), ["x", "y"]);
    assert_eq!(rows(&received, "/update"), ["xx", "xx", "xx", "y", "yy"]);
    assert_eq!(rows(&received, "/ready"), ["y", "yy"]);
    assert_eq!(rows(&received, "/watched"), ["xx", "xx"], "what a formula gives is watched as well");
    assert_eq!(rows(&received, "/met"), ["y", "xx"], "once above, and not again");
    // A webhook that is switched off, or whose columns belong to another table, is silent.
    running.about("PATCH", &format!("/webhooks/{add}"), json!({"enabled": false})).await;
    running.add(&[json!({"A": "silent"})]).await;
    running.settled(&met).await;
    assert_eq!(rows(&received, "/add"), ["x", "y"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_keep_their_order_and_their_limit() {
    let (to, received) = receiver().await;
    let running = start(&[("ALLOWED_WEBHOOK_DOMAINS", "*")]).await;
    let hook = running.hook(&format!("{to}/many"), json!({})).await;
    let many: Vec<Value> = (0..250).map(|at| json!({"A": at.to_string()})).collect();
    running.add(&many).await;
    running.settled(&hook).await;
    let sizes: Vec<usize> =
        received.lock().unwrap().iter().map(|(.., body)| body.as_array().unwrap().len()).collect();
    assert_eq!(sizes, [100, 100, 50]);
    let expected: Vec<Value> = (0..250).map(|at| at.to_string().into()).collect();
    assert_eq!(rows(&received, "/many"), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_hangs_holds_up_nobody() {
    let (to, received) = receiver().await;
    let running = start(&[("ALLOWED_WEBHOOK_DOMAINS", "*")]).await;
    let hanging = running.hook(&format!("{to}/hang"), json!({})).await;
    let other = running.hook(&format!("{to}/other"), json!({})).await;
    for at in 0..5 {
        running.add(&[json!({"A": at.to_string()})]).await;
    }
    running.settled(&other).await;
    assert_eq!(rows(&received, "/other"), ["0", "1", "2", "3", "4"]);
    let usage = running.usage_when(&hanging, |usage| usage["status"] == "sending").await;
    assert_eq!(usage["numWaiting"], 5);
    // Clearing forgets what waits, and lets go of the receiver.
    running.about("DELETE", &format!("/webhooks/queue/{hanging}"), Value::Null).await;
    assert_eq!(
        running.usage(&hanging).await,
        json!({"status": "idle", "numWaiting": 0, "lastEventBatch": null})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_tried_again_and_waits() {
    let (to, received) = receiver().await;
    let running = start(&[("ALLOWED_WEBHOOK_DOMAINS", "*"), ("GRIST_TRIGGER_MAX_ATTEMPTS", "3")]).await;
    let hook = running.hook(&format!("{to}/no"), json!({})).await;
    running.add(&[json!({"A": "1"})]).await;
    let usage = running.usage_when(&hook, |usage| usage["status"] == "postponed").await;
    assert_eq!(
        usage["lastEventBatch"],
        json!({"status": "failure", "httpStatus": 418, "errorMessage": "no tea", "size": 1, "attempts": 3})
    );
    assert_eq!(usage["numWaiting"], 1);
    assert_eq!(rows(&received, "/no"), ["1", "1", "1"]);
    // Another address, and it goes on at once; nothing was lost, and the order is kept.
    running.add(&[json!({"A": "2"})]).await;
    running.about("PATCH", &format!("/webhooks/{hook}"), json!({"url": format!("{to}/yes")})).await;
    running.settled(&hook).await;
    assert_eq!(rows(&received, "/yes"), ["1", "2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_for_a_receiver_that_takes_nothing_are_given_up() {
    let (to, _received) = receiver().await;
    let variables = [
        ("ALLOWED_WEBHOOK_DOMAINS", "*"),
        ("GRIST_TRIGGER_MAX_ATTEMPTS", "2"),
        ("GRIST_MAX_QUEUE_SIZE", "3"),
    ];
    let running = start(&variables).await;
    let hook = running.hook(&format!("{to}/no"), json!({})).await;
    running.add(&[json!({"A": "1"}), json!({"A": "2"}), json!({"A": "3"})]).await;
    let usage = running.usage_when(&hook, |usage| usage["numWaiting"] == 0).await;
    assert_eq!((&usage["status"], &usage["lastEventBatch"]["status"]), (&json!("error"), &json!("rejected")));
}

#[tokio::test(flavor = "multi_thread")]
async fn machines_of_the_own_network_are_refused() {
    let (to, received) = receiver().await;
    let port = to.rsplit(':').next().unwrap().to_owned();
    let variables = [
        ("ALLOWED_WEBHOOK_DOMAINS", "*"),
        ("MOULIN_WEBHOOK_PRIVATE_ADDRESSES", "off"),
        ("GRIST_TRIGGER_MAX_ATTEMPTS", "1"),
    ];
    let running = start(&variables).await;
    for host in
        ["localhost", "127.0.0.1", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]", "127.1", "169.254.169.254"]
    {
        let hook = running.hook(&format!("http://{host}:{port}/x"), json!({})).await;
        running.add(&[json!({"A": host})]).await;
        let usage = running.usage_when(&hook, |usage| usage["status"] == "postponed").await;
        let said = usage["lastErrorMessage"].as_str().unwrap().to_owned();
        assert!(said.contains("may not be called") || said.contains("no address"), "{host}: {said}");
        running.about("DELETE", &format!("/webhooks/{hook}"), Value::Null).await;
    }
    assert!(received.lock().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn triggers_as_records() {
    let (to, received) = receiver().await;
    let running = start(&[("ALLOWED_WEBHOOK_DOMAINS", "localhost")]).await;
    let tables = running.about("GET", "/tables", Value::Null).await;
    let table = &tables["tables"].as_array().unwrap().iter().find(|table| table["id"] == "T").unwrap()["fields"]
        ["tableRef"];
    let actions = |path: &str| {
        json!([{"type": "webhook", "url": format!("{to}{path}"), "authorization": "sesame"}]).to_string()
    };
    let record = |more: Value| {
        let mut fields = json!({"tableRef": table, "eventTypes": ["L", "add"], "actions": actions("/first")});
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"records": [{"fields": fields}]})
    };
    let path = format!("/api/docs/{}/triggers", running.document);
    for (more, status) in [
        (json!({"tableRef": 99}), 404),
        (json!({"actions": "[{\"type\": \"bogus\"}]"}), 400),
        (json!({"actions": "[{\"type\": \"email\"}]"}), 400),
        (json!({"actions": "[{\"type\": \"webhook\"}]"}), 400),
        (json!({"actions": "[{\"type\": \"webhook\", \"url\": \"https://elsewhere.test/\"}]"}), 403),
        (json!({"eventTypes": ["L", "explode"]}), 400),
        (json!({"isReadyColRef": 1}), 400),
        (json!({"watchedColRefList": ["L", 999]}), 404),
        (json!({"unknown": 1}), 400),
    ] {
        let (found, answer) = running.ask("POST", &path, Some(record(more.clone()))).await;
        assert_eq!(found, status, "{more}: {answer}");
    }
    let made = running.about("POST", "/triggers", record(json!({"label": "Tr"}))).await;
    assert_eq!(made, json!({"records": [{"id": 1}]}));
    let listed = running.about("GET", "/triggers", Value::Null).await["records"][0]["fields"].clone();
    let shown: Value = serde_json::from_str(listed["actions"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&shown[0]["url"], &shown[0]["authorization"]),
        (&json!(format!("{to}/first")), &json!("sesame"))
    );
    assert_eq!((&listed["label"], &listed["enabled"]), (&json!("Tr"), &json!(true)));
    // What readers of the document see has neither address nor key.
    let kept = running.about("GET", "/tables/_grist_Triggers/records", Value::Null).await.to_string();
    assert!(!kept.contains("localhost") && !kept.contains("sesame"), "{kept}");
    let id = shown[0]["id"].as_str().unwrap().to_owned();
    running.add(&[json!({"A": "x"})]).await;
    running.settled(&id).await;
    assert_eq!(rows(&received, "/first"), ["x"]);
    let monitor = running.about("GET", "/triggers/monitor", Value::Null).await;
    assert_eq!((&monitor["delivered"][0]["status"], &monitor["pending"]), (&json!("success"), &json!([])));
    // The same action at another address; the same webhook.
    let moved = json!([{"type": "webhook", "id": id, "url": format!("{to}/second")}]).to_string();
    let change = json!({"records": [{"id": 1, "fields": {"actions": moved, "memo": "m"}}]});
    assert_eq!(running.about("PATCH", "/triggers", change).await, json!({"success": true}));
    running.add(&[json!({"A": "y"})]).await;
    running.settled(&id).await;
    assert_eq!((rows(&received, "/first"), rows(&received, "/second")), (vec![json!("x")], vec![json!("y")]));
    assert_eq!(received.lock().unwrap().last().unwrap().1, "sesame");
    running.about("POST", "/triggers/delete", json!({"ids": [1]})).await;
    assert_eq!(running.about("GET", "/triggers", Value::Null).await, json!({"records": []}));
    assert_eq!(running.about("GET", "/webhooks", Value::Null).await, json!({"webhooks": []}));
    assert_eq!(running.ask("POST", &format!("{path}/delete"), Some(json!({"ids": [1]}))).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn forks_and_copies_call_nobody_and_the_original_goes_on() {
    let (to, received) = receiver().await;
    let running = start(&[("ALLOWED_WEBHOOK_DOMAINS", "localhost")]).await;
    let hook = running.hook(&format!("{to}/x"), json!({"watchedColIds": [" $A ", ""]})).await;
    let fork = running.about("POST", "/fork", Value::Null).await["docId"].as_str().unwrap().to_owned();
    let (status, answer) = running
        .ask(
            "POST",
            &format!("/api/docs/{fork}/tables/T/records"),
            Some(json!({"records": [{"fields": {"A": "fork"}}]})),
        )
        .await;
    assert_eq!(status, 200, "{answer}");
    let listed = running.ask("GET", &format!("/api/docs/{fork}/webhooks"), None).await.1;
    assert_eq!(listed, json!({"webhooks": []}));
    running.about("POST", "/replace", json!({"sourceDocId": fork})).await;
    running.add(&[json!({"A": "original"})]).await;
    running.settled(&hook).await;
    assert_eq!(rows(&received, "/x"), ["original"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_in_the_trash_goes_on_waiting() {
    let (to, received) = receiver().await;
    let running = start(&[("ALLOWED_WEBHOOK_DOMAINS", "*"), ("GRIST_TRIGGER_MAX_ATTEMPTS", "1")]).await;
    let hook = running.hook(&format!("{to}/no"), json!({})).await;
    running.add(&[json!({"A": "kept"})]).await;
    running.usage_when(&hook, |usage| usage["status"] == "postponed").await;
    running.about("POST", "/remove", Value::Null).await;
    running.about("POST", "/unremove", Value::Null).await;
    assert_eq!(running.usage(&hook).await["numWaiting"], 1);
    running.about("PATCH", &format!("/webhooks/{hook}"), json!({"url": format!("{to}/yes")})).await;
    running.settled(&hook).await;
    assert_eq!(rows(&received, "/yes"), ["kept"]);
}
