//! One request: where a name leads to is looked up, checked, and connected to as it was checked. No redirection is followed: it could lead elsewhere.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::header::{AUTHORIZATION, CONNECTION, CONTENT_TYPE, HOST, PROXY_AUTHORIZATION, USER_AGENT};
use http::{HeaderValue, Method, Request, Uri};
use http_body_util::{BodyExt, Empty, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::addresses::Addresses;
use crate::error::OutboxError;
use crate::proxy::Proxy;

/// How much of an answer is read: only people read it, to see what is wrong.
const ANSWER: usize = 4096;

/// How long is waited.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// For the whole request.
    pub whole: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), whole: Duration::from_secs(60) }
    }
}

/// What the receiver says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The beginning of the body, if it says no.
    pub text: String,
}

/// Makes requests.
#[derive(Clone)]
pub struct Client {
    addresses: Addresses,
    proxy: Option<Proxy>,
    timeouts: Timeouts,
    tls: TlsConnector,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("addresses", &self.addresses)
            .field("proxy", &self.proxy)
            .finish_non_exhaustive()
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Client {
    /// A client that goes only where it may.
    #[must_use]
    pub fn new(addresses: Addresses, proxy: Option<Proxy>, timeouts: Timeouts) -> Self {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let native = rustls_native_certs::load_native_certs();
        for error in &native.errors {
            tracing::debug!(%error, "certificates of the system cannot be read");
        }
        roots.add_parsable_certificates(native.certs);
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        // The versions that the provider knows are the ones asked for.
        #[expect(clippy::expect_used, reason = "it cannot fail with the versions of the provider itself")]
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions of TLS")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { addresses, proxy, timeouts, tls: TlsConnector::from(Arc::new(config)) }
    }

    /// Where it goes.
    #[must_use]
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Posts JSON.
    ///
    /// # Errors
    /// When it may not be sent, cannot be sent, or is not answered in time. An answer that says no is an answer.
    pub async fn post(&self, url: &str, authorization: &str, json: String) -> Result<Answer, OutboxError> {
        let whole = self.timeouts.whole;
        tokio::time::timeout(whole, self.exchange(url, authorization, json))
            .await
            .map_err(|_| OutboxError::Slow(whole.as_secs()))?
    }

    async fn exchange(&self, url: &str, authorization: &str, json: String) -> Result<Answer, OutboxError> {
        let uri = self.addresses.check(url)?;
        let bad = || OutboxError::Url(url.to_owned());
        let host = uri.host().ok_or_else(bad)?;
        let is_secure = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
        let is_forwarded = self.proxy.is_some() && !is_secure;
        let stream = self.connect(host, port, is_secure).await?;
        let target = if is_forwarded {
            // A proxy is told the whole address.
            Uri::builder()
                .scheme("http")
                .authority(uri.authority().ok_or_else(bad)?.clone())
                .path_and_query(path(&uri))
                .build()?
        } else {
            path(&uri).parse().map_err(|_| bad())?
        };
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(target)
            .header(HOST, uri.authority().ok_or_else(bad)?.as_str())
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, "Moulin")
            .header(CONNECTION, "close");
        if !authorization.is_empty() {
            let mut value = HeaderValue::try_from(authorization).map_err(|_| OutboxError::Header)?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        if let (true, Some(value)) =
            (is_forwarded, self.proxy.as_ref().and_then(|proxy| proxy.authorization.as_ref()))
        {
            request = request.header(PROXY_AUTHORIZATION, value);
        }
        let answer = send(stream, request.body(Full::new(Bytes::from(json)))?).await?;
        let status = answer.status().as_u16();
        // Who has taken it is not listened to any longer: a slow end of the answer is no reason to tell it again.
        let text =
            if answer.status().is_success() { String::new() } else { beginning(answer.into_body()).await };
        Ok(Answer { status, text })
    }

    /// A connection over which the request can be written.
    async fn connect(&self, host: &str, port: u16, is_secure: bool) -> Result<Box<dyn Stream>, OutboxError> {
        let name = bare(host);
        let stream = match &self.proxy {
            None => self.reach(name, port).await?,
            Some(proxy) => {
                // Names are looked up by the proxy; an address that is given as such is checked here.
                if let Ok(address) = name.parse() {
                    self.addresses.check_address(name, port, address)?;
                }
                let stream = self.dial(&(bare(&proxy.host), proxy.port)).await?;
                if is_secure { tunnel(stream, proxy, &format!("{host}:{port}")).await? } else { stream }
            }
        };
        if !is_secure {
            return Ok(stream);
        }
        let name =
            ServerName::try_from(name.to_owned()).map_err(|_| OutboxError::Unknown(host.to_owned()))?;
        Ok(Box::new(self.tls.connect(name, stream).await?))
    }

    /// Connects to what a name leads to, if all of that may be connected to.
    async fn reach(&self, name: &str, port: u16) -> Result<Box<dyn Stream>, OutboxError> {
        let unknown = |_| OutboxError::Unknown(name.to_owned());
        let found: Vec<SocketAddr> = tokio::net::lookup_host((name, port)).await.map_err(unknown)?.collect();
        for address in &found {
            self.addresses.check_address(name, port, address.ip())?;
        }
        if found.is_empty() {
            return Err(OutboxError::Unknown(name.to_owned()));
        }
        self.dial(&found.as_slice()).await
    }

    async fn dial(
        &self,
        to: &(impl tokio::net::ToSocketAddrs + ?Sized),
    ) -> Result<Box<dyn Stream>, OutboxError> {
        let limit = self.timeouts.connect;
        let stream = tokio::time::timeout(limit, TcpStream::connect(to))
            .await
            .map_err(|_| OutboxError::Slow(limit.as_secs()))??;
        Ok(Box::new(stream))
    }
}

/// What comes after the beginning is not waited for.
async fn beginning(mut body: Incoming) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < ANSWER
        && let Some(Ok(frame)) = body.frame().await
    {
        if let Ok(data) = frame.into_data() {
            bytes.extend_from_slice(&data);
        }
    }
    bytes.truncate(ANSWER);
    String::from_utf8_lossy(&bytes).into_owned()
}

fn path(uri: &Uri) -> &str {
    uri.path_and_query().map_or("/", |path| path.as_str())
}

/// An address of version 6 without its brackets.
fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

async fn send<B>(
    stream: Box<dyn Stream>,
    request: Request<B>,
) -> Result<http::Response<Incoming>, OutboxError>
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // It ends by itself when the answer has been read or given up.
    tokio::spawn(async move {
        if let Err(error) = connection.with_upgrades().await {
            tracing::debug!(%error, "a connection of a webhook ended badly");
        }
    });
    Ok(sender.send_request(request).await?)
}

/// Asks a proxy for a connection to somebody else.
async fn tunnel(stream: Box<dyn Stream>, proxy: &Proxy, to: &str) -> Result<Box<dyn Stream>, OutboxError> {
    let mut request = Request::builder().method(Method::CONNECT).uri(to).header(HOST, to);
    if let Some(value) = &proxy.authorization {
        request = request.header(PROXY_AUTHORIZATION, value);
    }
    let answer = send(stream, request.body(Empty::<Bytes>::new())?).await?;
    if !answer.status().is_success() {
        return Err(OutboxError::Proxy(answer.status().as_u16()));
    }
    Ok(Box::new(TokioIo::new(hyper::upgrade::on(answer).await?)))
}
