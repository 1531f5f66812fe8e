//! Writes valid YAML in every notation, with comments and blank lines in odd places, for property tests.

/// A file made of choices.
pub(super) struct Author {
    choices: std::vec::IntoIter<u8>,
    /// The file.
    pub(super) out: String,
    /// The number of comments in it.
    pub(super) comments: usize,
}

impl Author {
    /// The file that these choices make.
    pub(super) fn of(choices: Vec<u8>) -> Self {
        let mut author = Self { choices: choices.into_iter(), out: String::new(), comments: 0 };
        author.mapping(0, 4, false);
        author
    }

    fn pick(&mut self, of: u8) -> u8 {
        self.choices.next().unwrap_or(0) % of
    }

    fn comment(&mut self) {
        self.comments += 1;
        self.out.push_str(&format!("# comment {}", self.comments));
    }

    fn end_line(&mut self) {
        if self.pick(4) == 1 {
            self.out.push(' ');
            self.comment();
        }
        self.out.push('\n');
        for _ in 0..self.pick(5).saturating_sub(2) {
            if self.pick(2) == 1 {
                let column = usize::from(self.pick(10));
                self.out.push_str(&" ".repeat(column));
                self.comment();
            }
            self.out.push('\n');
        }
    }

    fn mapping(&mut self, indent: usize, depth: u8, dash: bool) {
        const KEYS: [&str; 16] = [
            "rules",
            "id",
            "if",
            "event",
            "dimensions",
            "kelvin",
            "lists",
            "range",
            "decay",
            "tiers",
            "fit",
            "grades",
            "points",
            "sequence",
            "accounts",
            "'1'",
        ];
        let first = self.pick(16);
        for i in 0..=self.pick(4) {
            if i > 0 || !dash {
                self.out.push_str(&" ".repeat(indent));
            }
            self.out.push_str(KEYS[usize::from((first + i * 5) % 16)]);
            self.out.push(':');
            self.value(indent, depth, false);
        }
    }

    fn sequence(&mut self, indent: usize, depth: u8) {
        for _ in 0..=self.pick(3) {
            self.out.push_str(&" ".repeat(indent));
            self.out.push('-');
            self.value(indent, depth, true);
        }
    }

    fn value(&mut self, indent: usize, depth: u8, item: bool) {
        let inner = indent + 1 + usize::from(self.pick(4));
        match self.pick(if depth == 0 { 5 } else { 10 }) {
            0 | 1 => {
                self.out.push(' ');
                self.scalar(false);
                self.end_line();
            }
            2 => self.lines(inner),
            3 | 4 => {
                self.out.push(' ');
                self.flow(indent, depth.min(2));
                self.end_line();
            }
            5..=6 if item => {
                self.out.push(' ');
                self.mapping(indent + 2, depth - 1, true);
            }
            5..=7 => {
                self.end_line();
                self.mapping(inner, depth - 1, false);
            }
            _ => {
                self.end_line();
                let own = if item || self.pick(2) == 1 { inner } else { indent };
                self.sequence(own, depth - 1);
            }
        }
    }

    fn lines(&mut self, inner: usize) {
        let start = [" |", " >-", " >", " |+", ""][usize::from(self.pick(5))];
        self.out.push_str(start);
        if !start.is_empty() && self.pick(4) == 1 {
            self.out.push(' ');
            self.comment();
        }
        let plain = start.is_empty();
        for i in 0..=self.pick(3) {
            let more = usize::from(i > 0 && self.pick(3) == 1);
            let blank = if i > 0 && self.pick(4) == 1 { "\n" } else { "" };
            self.out.push_str(&format!(
                "\n{blank}{}word{}",
                " ".repeat(inner + more),
                if plain { "" } else { " # no comment" }
            ));
        }
        if plain { self.end_line() } else { self.out.push('\n') }
    }

    fn flow(&mut self, indent: usize, depth: u8) {
        let mapping = self.pick(2) == 1;
        self.out.push(if mapping { '{' } else { '[' });
        for i in 0..self.pick(4) {
            if i > 0 {
                self.out.push(',');
            }
            self.gap(indent);
            if mapping {
                self.out.push_str(&format!("k{i}: "));
            }
            if depth > 0 && self.pick(3) == 0 { self.flow(indent, depth - 1) } else { self.scalar(true) }
        }
        self.gap(indent);
        self.out.push(if mapping { '}' } else { ']' });
    }

    fn gap(&mut self, indent: usize) {
        self.out.push(' ');
        if self.pick(5) == 1 {
            if self.pick(2) == 1 {
                self.comment();
            }
            self.out.push_str(&format!("\n{}", " ".repeat(indent + 1)));
            if self.pick(3) == 1 {
                self.comment();
                self.out.push_str(&format!("\n{}", " ".repeat(indent + 1)));
            }
        }
    }

    fn scalar(&mut self, flow: bool) {
        const PLAIN: [&str; 12] = [
            "15",
            "14d",
            "lead.a >= 5 && event.path == \"/x\"",
            "no",
            "NO",
            "~",
            "null",
            "1e3",
            "a#b",
            "-5",
            "x",
            "http://x",
        ];
        const QUOTED: [&str; 12] = [
            "'!(a in lists.b)'",
            "\"a: b\"",
            "'1'",
            "\"no\"",
            "'it''s'",
            "\"tab\\t\"",
            "\"\"",
            "' x '",
            "\"\\u00e9\\n\"",
            "'a, b'",
            "\"it's\"",
            "'x ? 1 : 2'",
        ];
        let text = match self.pick(3) {
            0 => QUOTED[usize::from(self.pick(12))],
            1 if !flow => ["a, b", "f([1])", ""][usize::from(self.pick(3))],
            _ => PLAIN[usize::from(self.pick(12))],
        };
        self.out.push_str(text);
    }
}
