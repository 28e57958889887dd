//! Who is behind a request, by its headers.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;

use home::Home;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use login::{By, Identity, Login, LoginError};
use settings::Settings;

async fn login(variables: &[(&str, &str)]) -> (tempfile::TempDir, Home, Login) {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::open(&folder.path().join("home.sqlite3")).await.unwrap();
    let found = |name: &str| {
        let given = variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        given.or_else(|| (name == "HOME").then(|| "/nowhere".to_owned()))
    };
    let settings = Arc::new(Settings::from_variables(&found).unwrap());
    let login = Login::new(home.clone(), settings).await.unwrap();
    (folder, home, login)
}

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&str, &str)| {
        (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
    };
    pairs.iter().map(pair).collect()
}

#[tokio::test]
async fn by_key() {
    let (_folder, home, login) = login(&[]).await;
    let ada = home.ensure_person("Ada@Example.com", Some("Ada")).await.unwrap();
    home.set_api_key(ada.id, Some("a-long-key")).await.unwrap();
    let identity = login.identify(&headers(&[("authorization", "Bearer a-long-key")])).await.unwrap();
    assert_eq!((identity.person.id, identity.by), (ada.id, By::Key));
    assert_eq!(identity.session_id("c"), format!("u{}", ada.id));
    let wrong = login.identify(&headers(&[("authorization", "Bearer other")])).await;
    assert!(matches!(wrong, Err(LoginError::BadKey)));
    home.set_disabled(ada.id, true).await.unwrap();
    let off = login.identify(&headers(&[("authorization", "Bearer a-long-key")])).await;
    assert!(matches!(off, Err(LoginError::Disabled)));
}

#[tokio::test]
async fn by_cookie() {
    let (_folder, _home, login) = login(&[]).await;
    assert!(login.is_new_here(&HeaderMap::new()));
    let person = login.default_person().await.unwrap().unwrap();
    assert_eq!(person.email, "you@example.com");
    let cookie = login.sign_in(&person, false).unwrap();
    let pair = cookie.to_str().unwrap().split(';').next().unwrap();
    let request = headers(&[("cookie", &format!("other=1; {pair}"))]);
    let identity = login.identify(&request).await.unwrap();
    assert_eq!((identity.person.id, identity.by), (person.id, By::Cookie));
    assert!(login.is_admin(&identity.person).await.unwrap());
    assert!(!login.is_new_here(&request));

    let cookie = login.sign_out(false).unwrap();
    let pair = cookie.to_str().unwrap().split(';').next().unwrap();
    let request = headers(&[("cookie", pair)]);
    let identity = login.identify(&request).await.unwrap();
    assert!(identity.person.is_anonymous() && identity.by == By::Nothing);
    assert!(!login.is_new_here(&request), "who has signed out stays so");
}

#[tokio::test]
async fn nobody_without_signing_in() {
    let (_folder, _home, login) = login(&[("GRIST_FORCE_LOGIN", "1")]).await;
    assert!(matches!(login.identify(&HeaderMap::new()).await, Err(LoginError::SignInFirst)));
}

#[tokio::test]
async fn origins() {
    let (_folder, _home, login) = login(&[("APP_HOME_URL", "https://grist.example.com/")]).await;
    let cases = [
        (vec![("host", "a:1")], true),
        (vec![("host", "a:1"), ("origin", "http://a:1")], true),
        (vec![("host", "a:1"), ("origin", "http://a:2")], false),
        (vec![("host", "a:1"), ("origin", "null")], false),
        (vec![("host", "a:1"), ("origin", "https://grist.example.com")], true),
        (vec![("host", "a:1"), ("origin", "https://grist.example.com.evil.org")], false),
    ];
    for (pairs, own) in cases {
        assert_eq!(login.is_own_origin(&headers(&pairs)), own, "{pairs:?}");
        let with_key = [pairs.clone(), vec![("authorization", "Bearer x")]].concat();
        assert_eq!(login.check_origin(&headers(&with_key)).is_ok(), own, "{pairs:?}");
        assert!(login.check_origin(&headers(&pairs)).is_ok(), "as nobody: {pairs:?}");
    }
}

#[tokio::test]
async fn forgery() {
    let (_folder, _home, login) = login(&[]).await;
    let person = login.anonymous().await.unwrap();
    let cases = [
        (Method::GET, By::Cookie, vec![], true),
        (Method::POST, By::Cookie, vec![], false),
        (Method::POST, By::Nothing, vec![("content-type", "multipart/form-data; boundary=x")], false),
        (Method::POST, By::Key, vec![], true),
        (Method::DELETE, By::Cookie, vec![("x-requested-with", "XMLHttpRequest")], true),
        (Method::PATCH, By::Cookie, vec![("content-type", "application/json; charset=utf-8")], true),
    ];
    for (method, by, pairs, allowed) in cases {
        let identity = Identity { person: person.clone(), by };
        let checked = login.check_forgery(&method, &headers(&pairs), &identity);
        assert_eq!(checked.is_ok(), allowed, "{method} {by:?} {pairs:?}");
    }
}
