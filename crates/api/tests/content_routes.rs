//! What is in a document, asked of the real router.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;

use api::Server;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Request};
use document::{Documents, Options};
use home::Home;
use login::{Login, Throttle};
use serde_json::{Value, json};
use settings::Settings;
use tower::ServiceExt;

struct Running {
    _folder: tempfile::TempDir,
    router: Router,
    document: String,
}

/// A server with one document of Ada's (key `ada-key`), which Bob (key `bob-key`) may read.
async fn start() -> Running {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("docs")).unwrap();
    let data = folder.path().display().to_string();
    let found = |name: &str| match name {
        "MOULIN_DATA_DIR" => Some(data.clone()),
        "ALLOWED_WEBHOOK_DOMAINS" => Some("hooks.test".to_owned()),
        _ => None,
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
    let router = api::router(&server, Router::new());
    let mut running = Running { _folder: folder, router, document: String::new() };
    let orgs = running.ask("ada", "GET", "/api/orgs", None).await.1;
    let workspaces = format!("/api/orgs/{}/workspaces", orgs[0]["id"]);
    let wid = running.ask("ada", "POST", &workspaces, Some(json!({"name": "W"}))).await.1;
    let docs = format!("/api/workspaces/{wid}/docs");
    let id = running.ask("ada", "POST", &docs, Some(json!({"name": "Doc"}))).await.1;
    running.document = id.as_str().unwrap().to_owned();
    let access = json!({"delta": {"users": {"bob@x.test": "viewers"}}});
    assert_eq!(running.about("ada", "PATCH", "/access", Some(access)).await.0, 200);
    running
}

impl Running {
    async fn send(&self, request: Request<Body>) -> (u16, HeaderMap, Bytes) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        (head.status.as_u16(), head.headers, to_bytes(body, usize::MAX).await.unwrap())
    }
    fn request(who: &str, method: &str, path: &str) -> axum::http::request::Builder {
        let key = format!("Bearer {who}-key");
        Request::builder().method(method).uri(path).header("authorization", key).header("host", "x.test")
    }
    async fn ask(&self, who: &str, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let request = Self::request(who, method, path);
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(body.to_string().into()),
            None => request.body(Body::empty()),
        };
        let (status, _, bytes) = self.send(request.unwrap()).await;
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }
    async fn about(&self, who: &str, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        self.ask(who, method, &format!("/api/docs/{}{path}", self.document), body).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_columns_and_records() {
    let running = start().await;
    let records = "/tables/City/records";
    let table = json!({"tables": [{"id": "City", "columns": [
        {"id": "Name", "fields": {"type": "Text"}},
        {"id": "Pop", "fields": {"type": "Numeric"}},
        {"id": "Bad", "fields": {"type": "Any", "isFormula": true, "formula": "1 / ($Pop - 1)"}},
    ]}]});
    let rows = json!({"records": [
        {"fields": {"Name": "Paris", "Pop": 2}}, {"fields": {"Name": "Lyon", "Pop": 1}}, {"fields": {"Name": "Nice"}},
    ]});
    let lyon = json!({"records": [
        {"id": 2, "fields": {"Name": "Lyon", "Pop": 1, "Bad": null}, "errors": {"Bad": "ZeroDivisionError"}},
    ]});
    // Who, method, path, body, status, answer where it matters.
    let steps = [
        ("bob", "POST", "/tables", Some(table.clone()), 403, None),
        ("ada", "POST", "/tables", Some(table), 200, Some(json!({"tables": [{"id": "City"}]}))),
        ("bob", "POST", records, Some(rows.clone()), 403, None),
        (
            "ada",
            "POST",
            records,
            Some(rows),
            200,
            Some(json!({"records": [{"id": 1}, {"id": 2}, {"id": 3}]})),
        ),
        (
            "bob",
            "GET",
            "/tables/City/records?filter=%7B%22Name%22:%5B%22Lyon%22%5D%7D",
            None,
            200,
            Some(lyon),
        ),
        (
            "bob",
            "GET",
            "/tables/City/data?sort=-Name&limit=2",
            None,
            200,
            Some(json!({"id": [1, 3], "manualSort": [1, 3], "Name": ["Paris", "Nice"], "Pop": [2, null],
                "Bad": [1, ["E", "TypeError"]]})),
        ),
        (
            "ada",
            "PATCH",
            records,
            Some(json!({"records": [{"id": 9, "fields": {"Pop": 1}}]})),
            400,
            Some(json!({"error": "Invalid row id 9"})),
        ),
        (
            "ada",
            "PATCH",
            records,
            Some(json!({"records": [{"id": 1, "fields": {"Nope": 1}}]})),
            400,
            Some(json!({"error": "Invalid column \"Nope\""})),
        ),
        ("ada", "GET", "/tables/Nope/records", None, 404, Some(json!({"error": "Table not found \"Nope\""}))),
        ("ada", "GET", "/tables/City/records?sort=Nope", None, 400, None),
        (
            "ada",
            "PATCH",
            "/tables/City/columns",
            Some(json!({"columns": [{"id": "Pop", "fields": {"colId": "People"}}]})),
            200,
            Some(json!(null)),
        ),
        ("ada", "POST", "/tables/City/records/delete", Some(json!([3])), 200, Some(json!(null))),
        (
            "ada",
            "GET",
            "/sql?q=select%20Name,%20People%20from%20City%20order%20by%20id",
            None,
            200,
            Some(json!({"statement": "select Name, People from City order by id", "records": [
                {"fields": {"Name": "Paris", "People": 2}}, {"fields": {"Name": "Lyon", "People": 1}}]})),
        ),
        ("ada", "POST", "/sql", Some(json!({"sql": "delete from City"})), 400, None),
        ("ada", "POST", "/apply", Some(json!([["RemoveTable", "City"]])), 200, None),
        ("ada", "GET", "/tables/City/columns", None, 404, None),
    ];
    for (who, method, path, body, status, answer) in steps {
        let found = running.about(who, method, path, body).await;
        assert_eq!(found.0, status, "{method} {path}: {}", found.1);
        if let Some(answer) = answer {
            assert_eq!(found.1, answer, "{method} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_and_go() {
    let running = start().await;
    let path = format!("/api/docs/{}/attachments", running.document);
    let form = "--b\r\nContent-Disposition: form-data; name=\"upload\"; filename=\"page.html\"\r\n\r\n<b>hi</b>\r\n--b--\r\n";
    let upload = |who: &str| {
        let request = Running::request(who, "POST", &path);
        request.header("content-type", "multipart/form-data; boundary=b").body(Body::from(form)).unwrap()
    };
    assert_eq!(running.send(upload("bob")).await.0, 403);
    let (status, _, body) = running.send(upload("ada")).await;
    assert_eq!((status, body.as_ref()), (200, b"[1]".as_slice()));
    let one = Running::request("bob", "GET", &format!("{path}/1/download?inline=1"));
    let (status, headers, body) = running.send(one.body(Body::empty()).unwrap()).await;
    assert_eq!((status, body.as_ref()), (200, b"<b>hi</b>".as_slice()));
    assert_eq!(headers["content-disposition"], "attachment; filename=\"page.html\"");
    assert_eq!(headers["content-security-policy"], "sandbox; default-src 'none'");
    assert_eq!(running.about("ada", "POST", "/attachments/removeUnused", None).await.0, 200);
    assert_eq!(running.about("ada", "GET", "/attachments/1", None).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_downloaded_and_compared() {
    let running = start().await;
    let add = json!({"records": [{"fields": {"A": "x, y"}}]});
    assert_eq!(running.about("ada", "POST", "/tables/Table1/records", Some(add)).await.0, 200);
    let get = |path: &str| {
        let path = format!("/api/docs/{}{path}", running.document);
        Running::request("ada", "GET", &path).body(Body::empty()).unwrap()
    };
    let (_, headers, body) = running.send(get("/download/csv?tableId=Table1")).await;
    assert_eq!(headers["content-disposition"], "attachment; filename=\"Doc-Table1.csv\"");
    assert_eq!(body.as_ref(), b"A,B,C\n\"x, y\",,\n");
    let (_, headers, body) = running.send(get("/download")).await;
    assert_eq!(headers["content-type"], "application/x-sqlite3");
    assert!(body.starts_with(b"SQLite format 3\0"));
    let (status, _, body) = running.send(get("/download/xlsx")).await;
    assert!(status == 200 && body.starts_with(b"PK"));
    let compared = running.about("ada", "GET", "/compare?left=HEAD~1", None).await.1;
    assert_eq!(compared["summary"], "right");
    assert_eq!(compared["details"]["rightChanges"]["tableDeltas"]["Table1"]["addRows"], json!([1]));
    assert_eq!(running.about("ada", "POST", "/states/remove", Some(json!({"keep": 1}))).await.0, 200);
    let states = running.about("bob", "GET", "/states", None).await.1;
    assert_eq!(states["states"].as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_kept_beside_the_document() {
    let running = start().await;
    let fields = |url: &str| json!({"webhooks": [{"fields": {"url": url, "eventTypes": ["add"], "tableId": "Table1"}}]});
    let refused = running.about("ada", "POST", "/webhooks", Some(fields("https://other.test/"))).await;
    assert_eq!(refused.0, 403);
    let made = running.about("ada", "POST", "/webhooks", Some(fields("https://hooks.test/secret"))).await.1;
    let id = made["webhooks"][0]["id"].as_str().unwrap().to_owned();
    let list = running.about("ada", "GET", "/webhooks", None).await.1;
    assert_eq!(list["webhooks"][0]["fields"]["url"], "https://hooks.test/secret");
    assert_eq!(running.about("bob", "GET", "/webhooks", None).await.0, 403);
    let seen = running.about("bob", "GET", "/tables/_grist_Triggers/records", None).await.1;
    assert!(!seen.to_string().contains("secret"), "{seen}");
    assert_eq!(running.about("ada", "DELETE", &format!("/webhooks/{id}"), None).await.0, 200);
    assert_eq!(running.about("ada", "DELETE", &format!("/webhooks/{id}"), None).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_changed_in_a_fork_is_suggested_and_taken_over() {
    let running = start().await;
    let column = |id: &str, kind: &str| json!({"id": id, "fields": {"type": kind}});
    let tables = json!({"tables": [
        {"id": "Pet", "columns": [column("Name", "Text"), column("Owner", "Ref:Human"), column("Friends", "RefList:Pet")]},
        {"id": "Human", "columns": [column("Name", "Text"),
            {"id": "Loud", "fields": {"type": "Any", "isFormula": true, "formula": "$Name.upper()"}}]},
    ]});
    assert_eq!(running.about("ada", "POST", "/tables", Some(tables)).await.0, 200);
    let ask = async |who: &str, doc: &str, path: &str, body: Value| {
        running.ask(who, "POST", &format!("/api/docs/{doc}{path}"), Some(body)).await
    };
    let records = |rows: Value| json!({"records": rows});
    let trunk = running.document.clone();
    let rows =
        records(json!([{"fields": {"Name": "Bo"}}, {"fields": {"Name": "Cy"}}, {"fields": {"Name": "Di"}}]));
    assert_eq!(ask("ada", &trunk, "/tables/Human/records", rows).await.0, 200);
    assert_eq!(ask("ada", &trunk, "/propose", json!({})).await.0, 400, "not a fork");
    let fork = running.about("bob", "POST", "/fork", None).await.1["docId"].as_str().unwrap().to_owned();
    let acts = json!([
        ["BulkAddRecord", "Human", [null, null], {"Name": ["Ed", "Flo"]}],
        ["BulkAddRecord", "Pet", [null, null], {"Name": ["Rex", "Tom"], "Owner": [5, 1], "Friends": [["L", 2], ["L", 1]]}],
        ["UpdateRecord", "Human", 1, {"Name": "Bob"}],
        ["RemoveRecord", "Human", 2],
    ]);
    assert_eq!(ask("bob", &fork, "/apply", acts).await.0, 200);
    // Meanwhile the document goes on: new rows will have other numbers there.
    let more = records(json!([{"fields": {"Name": "Zoe"}}]));
    assert_eq!(ask("ada", &trunk, "/tables/Human/records", more).await.0, 200);

    let (status, made) = ask("bob", &fork, "/propose", json!({})).await;
    assert_eq!((status, &made["shortId"], &made["status"]), (200, &json!(1), &json!({})), "{made}");
    let added =
        &made["comparison"]["comparison"]["details"]["leftChanges"]["tableDeltas"]["Human"]["addRows"];
    assert_eq!(*added, json!([4, 5]));
    let listed = running.about("ada", "GET", "/proposals", None).await.1;
    assert_eq!(listed["proposals"][0]["srcDoc"]["creator"]["email"], "bob@x.test");
    let outgoing =
        running.ask("bob", "GET", &format!("/api/docs/{fork}/proposals?outgoing=true"), None).await.1;
    assert_eq!(outgoing["proposals"][0]["destDoc"]["name"], "Doc");
    assert_eq!(ask("bob", &trunk, "/proposals/1/apply", json!({})).await.0, 403);
    assert_eq!(ask("ada", &trunk, "/proposals/9/apply", json!({})).await.0, 404);
    let (_, dismissed) = ask("ada", &trunk, "/proposals/1/apply", json!({"dismiss": true})).await;
    assert_eq!(dismissed["changes"]["proposal"]["status"], json!({"status": "dismissed"}));
    let (_, retracted) = ask("bob", &fork, "/propose", json!({"retracted": true})).await;
    assert_eq!(retracted["status"], json!({"status": "retracted"}));
    assert_eq!(ask("bob", &fork, "/propose", json!({})).await.1["shortId"], 1, "one for each fork");

    let (status, done) = ask("ada", &trunk, "/proposals/1/apply", json!({})).await;
    assert_eq!((status, &done["changes"]["log"]["applied"]), (200, &json!(true)), "{done}");
    assert_eq!(done["changes"]["proposal"]["status"], json!({"status": "applied"}));
    let humans = running.about("bob", "GET", "/tables/Human/data", None).await.1;
    assert_eq!(
        (&humans["id"], &humans["Name"]),
        (&json!([1, 3, 4, 5, 6]), &json!(["Bob", "Di", "Zoe", "Ed", "Flo"]))
    );
    assert_eq!(humans["Loud"][4], "FLO");
    let pets = running.about("bob", "GET", "/tables/Pet/data", None).await.1;
    assert_eq!(pets["Owner"], json!([6, 1]), "references follow the new rows");
    assert_eq!(pets["Friends"], json!([["L", 2], ["L", 1]]));

    // Changes of columns are not taken over, nor a part of them.
    let second = running.about("bob", "POST", "/fork", None).await.1["docId"].as_str().unwrap().to_owned();
    let acts =
        json!([["AddColumn", "Human", "New", {"type": "Text"}], ["UpdateRecord", "Human", 1, {"Name": "B"}]]);
    assert_eq!(ask("bob", &second, "/apply", acts).await.0, 200);
    assert_eq!(ask("bob", &second, "/propose", json!({})).await.1["shortId"], 2);
    let (_, refused) = ask("ada", &trunk, "/proposals/2/apply", json!({})).await;
    assert_eq!(refused["changes"]["log"]["applied"], false, "{refused}");
    assert_eq!(running.about("bob", "GET", "/tables/Human/data", None).await.1["Name"][0], "Bob");
}
