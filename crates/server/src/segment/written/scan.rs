//! Finds what lies where in a text that is JSON.

use super::{Node, Sort, Written};

/// Deeper than that, `serde_json` reads nothing either.
const MAX_DEPTH: usize = 127;

/// A text, and how far it was read.
struct Scan<'t> {
    text: &'t str,
    at: usize,
    nodes: Vec<Node>,
    /// How deep what is read now lies, and what was read so far.
    depth: usize,
    deepest: usize,
    is_spaced: bool,
}

/// Finds what lies where in the text of a body; `None` if it is no JSON.
pub(super) fn scan(body: &mut Written) -> Option<()> {
    // Places are kept in 32 bits; nobody may send so much.
    u32::try_from(body.text.len()).ok()?;
    /// Bytes of a value, as they come.
    const USUAL: usize = 12;
    let nodes = Vec::with_capacity(body.text.len() / USUAL);
    let mut scan = Scan { text: &body.text, at: 0, nodes, depth: 0, deepest: 0, is_spaced: false };
    scan.value()?;
    scan.skip_spaces();
    let is_all = scan.at == scan.text.len();
    (body.nodes, body.depth, body.is_spaced) = (scan.nodes, scan.deepest, scan.is_spaced);
    is_all.then_some(())
}

/// What a string with escapes reads.
pub(super) fn unescaped(raw: &str) -> Option<String> {
    serde_json::from_str(&format!("\"{raw}\"")).ok()
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_spaces(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
            self.is_spaced = true;
        }
    }

    /// Goes on to the next byte that says something, and takes it if it is this one.
    fn takes(&mut self, byte: u8) -> bool {
        self.skip_spaces();
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn value(&mut self) -> Option<()> {
        self.skip_spaces();
        match self.peek()? {
            b'"' => self.string(),
            b'{' => self.nested(Sort::Object, b'}', |scan| {
                scan.skip_spaces();
                (scan.peek()? == b'"').then(|| scan.string())??;
                scan.takes(b':').then_some(())?;
                scan.value()
            }),
            b'[' => self.nested(Sort::List, b']', Self::value),
            b't' => self.word("true", Sort::Truth),
            b'f' => self.word("false", Sort::Truth),
            b'n' => self.word("null", Sort::Null),
            _ => self.number(),
        }
    }

    /// A list or an object, by how its entries are read.
    fn nested(&mut self, sort: Sort, end: u8, entry: impl Fn(&mut Self) -> Option<()>) -> Option<()> {
        let (place, from) = (self.nodes.len(), self.at);
        self.nodes.push(Node { sort, ..Node::NOTHING });
        self.at += 1;
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        if self.depth > MAX_DEPTH {
            return None;
        }
        if !self.takes(end) {
            entry(self)?;
            while !self.takes(end) {
                self.takes(b',').then_some(())?;
                entry(self)?;
            }
        }
        self.depth -= 1;
        self.nodes[place] = Self::node(sort, from, self.at, self.nodes.len());
        Some(())
    }

    fn string(&mut self) -> Option<()> {
        let from = self.at + 1;
        let bytes = self.text.as_bytes();
        let (mut at, mut sort) = (from, Sort::Text);
        loop {
            match *bytes.get(at)? {
                b'"' => break,
                b'\\' => {
                    sort = Sort::Escaped;
                    at += 2;
                }
                0..0x20 => return None,
                _ => at += 1,
            }
        }
        self.at = at + 1;
        if sort == Sort::Escaped {
            unescaped(&self.text[from..at])?;
        }
        self.put(sort, from, at)
    }

    fn word(&mut self, word: &str, sort: Sort) -> Option<()> {
        let from = self.at;
        self.at += word.len();
        (self.text.get(from..self.at)? == word).then_some(())?;
        self.put(sort, from, self.at)
    }

    fn number(&mut self) -> Option<()> {
        let from = self.at;
        while let Some(b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E') = self.peek() {
            self.at += 1;
        }
        let text = &self.text[from..self.at];
        // The shape of a number is known to those who read numbers.
        text.parse::<serde_json::Number>().ok()?;
        self.put(Sort::Number, from, self.at)
    }

    fn put(&mut self, sort: Sort, from: usize, to: usize) -> Option<()> {
        self.nodes.push(Self::node(sort, from, to, self.nodes.len() + 1));
        Some(())
    }

    fn node(sort: Sort, from: usize, to: usize, next: usize) -> Node {
        Node { sort, from: from as u32, to: to as u32, next: next as u32 }
    }
}
