//! Long answers, sent while they are still being written.
//!
//! A writer fills a [`Sink`] on a thread of its own. What fits in one piece is answered as one body of known length; the rest flows in pieces, as fast as the other
//! side takes them, so that memory holds a few pieces and not the whole.

use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use futures_util::stream;
use tokio::sync::mpsc;

use crate::error::ApiError;

/// The type of most answers.
pub(crate) const JSON: &str = "application/json; charset=utf-8";
/// The size of a piece.
const PIECE: usize = 256 << 10;
/// Pieces that wait to be sent.
const WAITING: usize = 4;

/// Where a writer writes.
#[derive(Debug)]
pub(crate) struct Sink {
    bytes: Vec<u8>,
    pieces: mpsc::Sender<Piece>,
}

#[derive(Debug)]
enum Piece {
    /// There is more to come.
    Part(Bytes),
    /// All there is.
    Last(Bytes),
    /// It cannot be answered.
    Failed(ApiError),
}

impl Sink {
    /// What is being written.
    pub(crate) fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// To be called now and then: sends what has come together. False when nobody wants the rest.
    #[inline]
    pub(crate) fn flow(&mut self) -> bool {
        self.bytes.len() < PIECE || self.send()
    }

    fn send(&mut self) -> bool {
        let piece = std::mem::replace(&mut self.bytes, Vec::with_capacity(PIECE + (4 << 10)));
        self.pieces.blocking_send(Piece::Part(piece.into())).is_ok()
    }
}

impl std::io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        if self.flow() { Ok(bytes.len()) } else { Err(std::io::ErrorKind::BrokenPipe.into()) }
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Answers with what `write` writes, on a thread where it may take its time. When it fails before the first piece is full, the answer is the error.
pub(crate) async fn answer(
    content_type: &'static str,
    write: impl FnOnce(&mut Sink) -> Result<(), ApiError> + Send + 'static,
) -> Result<Response, ApiError> {
    let (sender, mut pieces) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let mut sink = Sink { bytes: Vec::with_capacity(4 << 10), pieces: sender };
        let last = match write(&mut sink) {
            Ok(()) => Piece::Last(std::mem::take(&mut sink.bytes).into()),
            Err(error) => Piece::Failed(error),
        };
        // Nobody there any more: nothing to do.
        let _ = sink.pieces.blocking_send(last);
    });
    let body = match pieces.recv().await {
        Some(Piece::Last(bytes)) => Body::from(bytes),
        Some(Piece::Part(bytes)) => flowing(bytes, pieces),
        Some(Piece::Failed(error)) => return Err(error),
        None => return Err(ApiError::internal(&"an answer was not written to its end")),
    };
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    Ok(response)
}

/// A writer that fails in the middle cuts the answer off, so that nobody takes a part for the whole.
fn flowing(first: Bytes, pieces: mpsc::Receiver<Piece>) -> Body {
    enum State {
        First(Bytes),
        More,
        Done,
    }
    Body::from_stream(stream::unfold((State::First(first), pieces), |(state, mut pieces)| async move {
        match state {
            State::First(bytes) => Some((Ok(bytes), (State::More, pieces))),
            State::Done => None,
            State::More => match pieces.recv().await {
                Some(Piece::Part(bytes)) => Some((Ok(bytes), (State::More, pieces))),
                Some(Piece::Last(bytes)) => Some((Ok(bytes), (State::Done, pieces))),
                Some(Piece::Failed(_)) | None => {
                    let error = std::io::Error::other("the answer was cut off");
                    Some((Err(error), (State::Done, pieces)))
                }
            },
        }
    }))
}
