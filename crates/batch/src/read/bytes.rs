//! Pieces of a text file, cut where a record ends, so that each can be decoded on its own.

use std::io::{self, Read};

/// Reads a text piece by piece.
pub(super) struct Bytes {
    reader: Box<dyn Read + Send>,
    /// What was read beyond the last cut.
    rest: Vec<u8>,
    /// The number of the line at which the next piece begins.
    line: u64,
    ended: bool,
    sizes: Sizes,
}

/// How long pieces are, in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    /// About as long as this.
    pub(super) piece: usize,
    /// A record that is longer than this may be left out.
    pub(super) record: usize,
}

/// Room for a piece. What it has held before is written over, not cleared first.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    /// How many of them are the piece.
    length: usize,
}

/// A run of whole records.
#[derive(Debug)]
pub(super) enum Piece {
    /// The bytes lie in the caller's buffer; the first line has this number.
    Records {
        /// The number of the first line.
        line: u64,
    },
    /// A record that is too long, left out.
    TooLong {
        /// The number of its line.
        line: u64,
    },
}

impl Bytes {
    /// Reads what `start` holds, then what `reader` does.
    pub(super) fn new(start: Vec<u8>, reader: Box<dyn Read + Send>, sizes: Sizes) -> Self {
        Self { reader, rest: start, line: 1, ended: false, sizes }
    }

    /// Goes over the first `length` bytes, which are whole lines, before anything is read.
    pub(super) fn skip(&mut self, length: usize) {
        let length = length.min(self.rest.len());
        self.line += lines(&self.rest[..length]);
        self.rest.drain(..length);
    }

    /// Fills `buffer` with the next piece. `cut` tells how many bytes of a text that starts with a record are
    /// whole records.
    pub(super) fn next(
        &mut self,
        buffer: &mut Buffer,
        cut: impl Fn(&[u8]) -> usize,
    ) -> io::Result<Option<Piece>> {
        buffer.begin(&self.rest);
        self.rest.clear();
        let mut wanted = self.sizes.piece;
        loop {
            self.fill(buffer, wanted)?;
            if self.ended && buffer.length == 0 {
                return Ok(None);
            }
            let whole = if self.ended { buffer.length } else { cut(buffer.piece()) };
            if whole > 0 {
                self.rest.extend_from_slice(&buffer.piece()[whole..]);
                buffer.length = whole;
                let line = self.line;
                self.line += lines(buffer.piece());
                return Ok(Some(Piece::Records { line }));
            }
            if buffer.length > self.sizes.record {
                return self.leave_out(buffer).map(Some);
            }
            wanted = wanted.saturating_mul(2);
        }
    }

    /// Reads until `buffer` is `wanted` long or the input ends.
    fn fill(&mut self, buffer: &mut Buffer, wanted: usize) -> io::Result<()> {
        while !self.ended && buffer.length < wanted {
            match self.reader.read(buffer.room(wanted)) {
                Ok(read) => {
                    self.ended = read == 0;
                    buffer.length += read;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Leaves out the line with which `buffer` begins.
    fn leave_out(&mut self, buffer: &mut Buffer) -> io::Result<Piece> {
        let line = self.line;
        loop {
            if let Some(newline) = memchr::memchr(b'\n', buffer.piece()) {
                self.rest.extend_from_slice(&buffer.piece()[newline + 1..]);
                self.line += 1;
                break;
            }
            buffer.length = 0;
            self.fill(buffer, self.sizes.piece)?;
            if self.ended && buffer.length == 0 {
                break;
            }
        }
        buffer.length = 0;
        Ok(Piece::TooLong { line })
    }
}

impl Buffer {
    /// The piece.
    pub(super) fn piece(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Begins a piece with these bytes.
    fn begin(&mut self, start: &[u8]) {
        self.length = 0;
        self.room(start.len()).copy_from_slice(start);
        self.length = start.len();
    }

    /// What lies behind the piece up to `end`.
    fn room(&mut self, end: usize) -> &mut [u8] {
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        &mut self.bytes[self.length..end]
    }
}

/// The number of newlines.
pub(super) fn lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// How many bytes are whole lines.
pub(super) fn whole_lines(bytes: &[u8]) -> usize {
    memchr::memrchr(b'\n', bytes).map_or(0, |newline| newline + 1)
}

#[cfg(test)]
mod tests {
    use super::{Buffer, Bytes, Piece, Sizes, whole_lines};

    /// The pieces of a text, each with the number of its first line; `None` for a record left out.
    fn pieces(text: &str, piece: usize, record: usize) -> Vec<(u64, Option<String>)> {
        let reader = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
        let mut bytes = Bytes::new(Vec::new(), reader, Sizes { piece, record });
        let mut buffer = Buffer::default();
        let mut pieces = Vec::new();
        while let Some(piece) = bytes.next(&mut buffer, whole_lines).unwrap() {
            pieces.push(match piece {
                Piece::Records { line } => (line, Some(String::from_utf8(buffer.piece().to_vec()).unwrap())),
                Piece::TooLong { line } => (line, None),
            });
        }
        pieces
    }

    #[test]
    fn a_text_is_cut_after_lines_wherever_its_pieces_would_end() {
        let text = "one\ntwo\n\nthree\nfour";
        for piece in 1..=text.len() {
            let pieces = pieces(text, piece, 100);
            let together: String = pieces.iter().filter_map(|(_, piece)| piece.as_deref()).collect();
            assert_eq!(together, text);
            for (line, piece) in &pieces {
                let first = piece.as_ref().unwrap().lines().next().unwrap();
                assert_eq!(text.lines().nth(*line as usize - 1), Some(first));
            }
        }
        assert_eq!(pieces("", 4, 100), []);
    }

    #[test]
    fn a_line_that_is_too_long_is_left_out_and_the_next_is_read() {
        let long = "x".repeat(50);
        let text = format!("one\n{long}\nthree\n");
        assert_eq!(
            pieces(&text, 4, 20),
            [(1, Some("one\n".to_owned())), (2, None), (3, Some("three\n".to_owned()))]
        );
        assert_eq!(pieces(&long, 4, 20), [(1, None)]);
    }
}
