//! The words of an expression with their places: for readable messages and exact underlines.
//!
//! The library parses; this only cuts the text up, which also works where the text does not parse.

use std::ops::Range;

/// The tokens of a text.
#[derive(Debug)]
pub(super) struct Tokens {
    list: Vec<Token>,
    /// For each bracket, by place in the list, the place of its partner.
    partner: Vec<Option<usize>>,
    /// How deep brackets are nested.
    pub(super) depth: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    Text,
    /// Text without its closing quote.
    OpenText,
    Sign,
    /// What CEL has no use for.
    Foreign,
}

const SIGNS: [&str; 27] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "(", ")", "[", "]", "{", "}", "+", "-", "*", "/", "%", "!",
    "?", ":", ",", ".", "`", "=", "&",
];

impl Tokens {
    pub(super) fn of(text: &str) -> Self {
        let mut list = Vec::new();
        let mut at = 0;
        while let Some(token) = next(text, at) {
            at = token.span.end;
            list.push(token);
        }
        let (partner, depth) = partners(text, &list);
        Self { list, partner, depth }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Token> {
        self.list.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// The place of the first token that ends after a byte, if there is one.
    pub(super) fn place_at(&self, offset: usize) -> Option<usize> {
        self.list.iter().position(|token| token.span.end > offset)
    }

    pub(super) fn get(&self, place: usize) -> Option<&Token> {
        self.list.get(place)
    }

    /// The bracket that belongs to the one that begins at a byte.
    pub(super) fn partner(&self, offset: usize) -> Option<&Token> {
        let place = self.list.binary_search_by_key(&offset, |token| token.span.start).ok()?;
        self.list.get(self.partner[place]?)
    }

    /// The brackets without a partner.
    pub(super) fn lonely<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a Token> {
        let brackets = move |token: &&Token| is_bracket(text, token);
        self.list
            .iter()
            .zip(&self.partner)
            .filter(|(_, partner)| partner.is_none())
            .map(|(token, _)| token)
            .filter(brackets)
    }

    /// The token that begins next at or after a byte.
    pub(super) fn after(&self, offset: usize) -> Option<&Token> {
        self.list.iter().find(|token| token.span.start >= offset)
    }

    /// The last token that ends at or before a byte.
    pub(super) fn before(&self, offset: usize) -> Option<&Token> {
        self.list.iter().rev().find(|token| token.span.end <= offset)
    }
}

fn is_bracket(text: &str, token: &Token) -> bool {
    token.kind == Kind::Sign && matches!(&text[token.span.clone()], "(" | ")" | "[" | "]" | "{" | "}")
}

fn next(text: &str, from: usize) -> Option<Token> {
    let start = from + blank(&text[from..]);
    let rest = &text[start..];
    let first = rest.chars().next()?;
    let (kind, length) = match first {
        '"' | '\'' => quoted(rest, 0),
        'a'..='z' | 'A'..='Z' | '_' => {
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            let prefix = matches!(&rest[..length].to_ascii_lowercase()[..], "r" | "b" | "rb" | "br");
            match rest[length..].starts_with(['"', '\'']) && prefix {
                true => quoted(rest, length),
                false => (Kind::Word, length),
            }
        }
        '0'..='9' => (Kind::Number, number(rest)),
        '`' => match rest[1..].find('`') {
            Some(end) => (Kind::Word, end + 2),
            None => (Kind::OpenText, rest.len()),
        },
        _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            Some(sign @ (&"=" | &"&")) => (Kind::Foreign, sign.len()),
            Some(sign) => (Kind::Sign, sign.len()),
            None => (Kind::Foreign, first.len_utf8()),
        },
    };
    Some(Token { kind, span: start..start + length })
}

/// The length of white space and comments at the start.
fn blank(text: &str) -> usize {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
        match rest.strip_prefix("//") {
            Some(comment) => rest = comment.find('\n').map_or("", |end| &comment[end..]),
            None => return text.len() - rest.len(),
        }
    }
}

fn number(text: &str) -> usize {
    let bytes = text.as_bytes();
    let exponent = |at: usize| at > 0 && matches!(bytes[at - 1], b'e' | b'E');
    let point = |at: usize| bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
    let part = |at: usize| match bytes[at] {
        b'.' => point(at),
        b'+' | b'-' => exponent(at) && !text.starts_with("0x"),
        byte => byte.is_ascii_alphanumeric(),
    };
    (0..bytes.len()).find(|at| !part(*at)).unwrap_or(bytes.len())
}

/// The kind and length of a text with a prefix of `prefix` letters.
fn quoted(text: &str, prefix: usize) -> (Kind, usize) {
    let raw = text[..prefix].contains(['r', 'R']);
    let body = &text[prefix..];
    let triple = ["\"\"\"", "'''"].into_iter().find(|quotes| body.starts_with(quotes));
    let quotes = triple.unwrap_or(&body[..1]);
    let mut at = quotes.len();
    while at < body.len() {
        let rest = &body[at..];
        if rest.starts_with(quotes) {
            return (Kind::Text, prefix + at + quotes.len());
        }
        if triple.is_none() && rest.starts_with(['\n', '\r']) {
            return (Kind::OpenText, prefix + at);
        }
        let skipped = if !raw && rest.starts_with('\\') { 2 } else { 1 };
        at += rest.chars().take(skipped).map(char::len_utf8).sum::<usize>();
    }
    (Kind::OpenText, text.len())
}

fn partners(text: &str, list: &[Token]) -> (Vec<Option<usize>>, usize) {
    let mut partner = vec![None; list.len()];
    let mut open: Vec<usize> = Vec::new();
    let mut depth = 0;
    for (place, token) in list.iter().enumerate().filter(|(_, token)| is_bracket(text, token)) {
        match &text[token.span.clone()] {
            "(" | "[" | "{" => {
                open.push(place);
                depth = depth.max(open.len());
            }
            close => {
                let opener = match close {
                    ")" => "(",
                    "]" => "[",
                    _ => "{",
                };
                if let Some(at) = open.pop_if(|at| text[list[*at].span.clone()] == *opener) {
                    partner[at] = Some(place);
                    partner[place] = Some(at);
                }
            }
        }
    }
    (partner, depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_into_words() {
        let check = |text: &str, expect: &[&str]| {
            let tokens = Tokens::of(text);
            let words: Vec<&str> = tokens.iter().map(|token| &text[token.span.clone()]).collect();
            assert_eq!(words, expect);
        };
        check("lead.x>=1.5e-3&&!a", &["lead", ".", "x", ">=", "1.5e-3", "&&", "!", "a"]);
        check(" r'\\d' + b\"\\\"\" // end\n- 0x1Fu", &["r'\\d'", "+", "b\"\\\"\"", "-", "0x1Fu"]);
        check("'''a'b\n''' \"\"", &["'''a'b\n'''", "\"\""]);
        check("x.`a b` = “é” 1.size()", &["x", ".", "`a b`", "=", "“", "é", "”", "1", ".", "size", "(", ")"]);
        check("'open\n1", &["'open", "1"]);
        check("'\\", &["'\\"]);
        check("b'ü\\", &["b'ü\\"]);
    }

    #[test]
    fn brackets_find_their_partners() {
        let text = "f(a[1], {)";
        let tokens = Tokens::of(text);
        assert_eq!(tokens.partner(3).map(|token| token.span.clone()), Some(5..6));
        let lonely: Vec<_> = tokens.lonely(text).map(|token| token.span.start).collect();
        assert_eq!(lonely, [1, 8, 9]);
        assert_eq!(tokens.depth, 2);
    }
}
