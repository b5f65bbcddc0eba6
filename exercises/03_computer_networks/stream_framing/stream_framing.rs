//! # Messages on a byte stream: a length in front
//!
//! Two services talk over TCP. One sends "pay 10" and "pay 20"; the other may read "pay 1",
//! then "0pay 2", then "0": TCP keeps the order of the bytes, but knows nothing of messages.
//! So every protocol on top of it marks where a message ends. Kafka, PostgreSQL and gRPC do
//! it with a length in front, and so will you.
//!
//! Write `read_frame` and `write_frame`.
//!
//! 1. A frame is the length of its payload, as 4 bytes with the most significant one first
//!    (big-endian), and then the payload. A payload may be empty.
//! 2. `write_frame` writes the whole frame. A `write` may take fewer bytes than it was given;
//!    if it takes none, that is an error of the kind `WriteZero`.
//! 3. `read_frame` returns the next payload, however the bytes are cut into reads, and takes
//!    no byte behind it: that belongs to the next frame.
//! 4. The end of the stream between two frames is `Ok(None)`. Within a frame, in its length or
//!    in its payload, it is `FrameError::Truncated`.
//! 5. A length above `max` is `FrameError::TooLong`, before any of the payload is read.
//!    Whoever connects can claim any length, so memory grows with what has come: at most
//!    twice as many bytes, and 128 KiB.
//! 6. An error of the kind `Interrupted` means "call again". Any other error is passed on.
//!
//! An example: `write_frame(w, b"hi")` writes the bytes `00 00 00 02 68 69`; from these,
//! `read_frame(r, 1024)` returns `Ok(Some(vec![0x68, 0x69]))`, and once more `Ok(None)`.
//!
//! How it is judged: a scripted stream gives the same frames in one piece, byte by byte, cut
//! at each position and in random pieces, interrupts each call, and takes 1 to 3 bytes a
//! write; the allocator counts; and frames of 0 bytes to 300 KiB cross a TCP connection.

use std::io::{self, Read, Write};

/// Why there is no frame.
#[derive(Debug)]
pub enum FrameError {
    /// Its payload would be longer than allowed; holds the length.
    TooLong(u32),
    /// The stream ended within it.
    Truncated,
    /// The stream failed.
    Io(io::Error),
}

/// So that `?` works on the results of `read`.
impl From<io::Error> for FrameError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Writes one frame.
pub fn write_frame<W: Write>(writer: &mut W, payload: &[u8]) -> io::Result<()> {
    let Ok(len) = u32::try_from(payload.len()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    todo!("step 1: write the length and the payload, all of it")
}

/// Reads the length in front of a frame; `None` when the stream ended before it.
fn read_length<R: Read>(reader: &mut R) -> Result<Option<u32>, FrameError> {
    todo!("step 2: read 4 bytes; what if only 0, or 1 to 3 come?")
}

/// Reads one frame of at most `max` bytes of payload; `None` when the stream ended before it.
pub fn read_frame<R: Read>(reader: &mut R, max: usize) -> Result<Option<Vec<u8>>, FrameError> {
    let Some(len) = read_length(reader)? else {
        return Ok(None);
    };
    todo!("step 3: check the length, then read the payload as it comes")
}

#[cfg(test)]
mod tests;
