//! What can be wrong.

use std::net::IpAddr;

/// Why somebody outside could not be told.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// Not an address of the web.
    #[error("{0} is not an address that can be called")]
    Url(String),
    /// The settings do not allow it.
    #[error("{0} is not among the domains that may be called")]
    Domain(String),
    /// A name that leads into the own network.
    #[error("{host} is at {address}, which may not be called")]
    Private {
        /// As it was named.
        host: String,
        /// Where that is.
        address: IpAddr,
    },
    /// A name without an address.
    #[error("{0} has no address")]
    Unknown(String),
    /// Nobody answered in time.
    #[error("no answer within {0} seconds")]
    Slow(u64),
    /// The proxy did not let the request through.
    #[error("the proxy answers {0}")]
    Proxy(u16),
    /// A proxy that is not written as it should be.
    #[error("{0} is not the address of a proxy: http://host:port")]
    NotAProxy(String),
    /// The network failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The receiver does not speak HTTP as it should.
    #[error("{0}")]
    Http(#[from] hyper::Error),
    /// The request cannot be made, for instance because a header is not text.
    #[error("{0}")]
    Request(#[from] http::Error),
    /// A header that cannot be sent.
    #[error("the authorization has characters that a header cannot have")]
    Header,
    /// What waits cannot be read or forgotten.
    #[error("{0}")]
    Source(String),
}
