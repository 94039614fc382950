//! Bodies of answers: whole, in pieces, or ending too early.

use std::io;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, Stream};
use http_body::Frame;
use http_body_util::StreamBody;

use crate::world::MediaContent;

type Frames = Pin<Box<dyn Stream<Item = io::Result<Frame<Bytes>>> + Send>>;

/// The body type of every answer.
pub(super) type AnswerBody = StreamBody<Frames>;

/// How long a cut body waits before the connection is closed, so that the bytes before the cut are on their way.
const FLUSH: Duration = Duration::from_millis(30);

/// How the bytes of a body travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// All as fast as they go.
    Whole,
    /// Only this many, then the connection is closed.
    CutAfter(u64),
    /// In pieces of `bytes`, `every` so often.
    Drip { bytes: usize, every: Duration },
}

/// The stream of a body.
pub(super) fn stream(content: MediaContent, pace: Pace) -> AnswerBody {
    let frames = stream::unfold(
        (content, 0_u64, false),
        move |(content, offset, ended)| async move {
            if ended {
                return None;
            }
            let mut piece = content.piece(offset);
            match pace {
                Pace::Whole => {}
                Pace::CutAfter(limit) => {
                    let left = limit.saturating_sub(offset);
                    piece.truncate(usize::try_from(left).unwrap_or(usize::MAX));
                    if piece.is_empty() {
                        tokio::time::sleep(FLUSH).await;
                        let cut = io::Error::new(
                            io::ErrorKind::ConnectionAborted,
                            "a fault cut the answer",
                        );
                        return Some((Err(cut), (content, offset, true)));
                    }
                }
                Pace::Drip { bytes, every } => {
                    if offset > 0 {
                        tokio::time::sleep(every).await;
                    }
                    piece.truncate(bytes);
                }
            }
            if piece.is_empty() {
                return None;
            }
            let next = offset + piece.len() as u64;
            Some((Ok(Frame::data(piece)), (content, next, false)))
        },
    );
    StreamBody::new(Box::pin(frames))
}
