//! Inputs near a set of seeds, the same ones in every run: enough to find what a first afternoon of fuzzing would.

/// A stream of inputs made from seeds.
pub struct Mutator<'a> {
    seeds: &'a [Vec<u8>],
    state: u64,
}

/// Longest input.
const MOST: usize = 16 * 1024;

/// Bytes that parsers care about.
const TOKENS: &[&str] = &[
    "\"",
    "'",
    ":",
    "\n",
    "\r\n",
    ",",
    ";",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "- ",
    "  ",
    "\t",
    "#",
    "\\",
    "/",
    "&",
    "*",
    "|",
    "!",
    "==",
    "&&",
    "||",
    "?",
    "0",
    "-1",
    "9223372036854775807",
    "9223372036854775808",
    "1e309",
    "-0.0",
    "NaN",
    "0x",
    "90d",
    "\0",
    "\u{feff}",
    "\u{1F600}",
    "e\u{301}",
    "\u{2028}",
    "null",
    "true",
    "in",
    "lead",
    "event",
    "lists",
    "now",
];

impl<'a> Mutator<'a> {
    /// Starts from `seeds`; the same seeds give the same inputs.
    pub fn new(seeds: &'a [Vec<u8>]) -> Self {
        Self { seeds, state: 7 }
    }

    /// The next input: a seed with one to eight changes.
    pub fn input(&mut self) -> Vec<u8> {
        let mut data = self.seed();
        for _ in 0..=self.below(8) {
            self.change(&mut data);
        }
        data.truncate(MOST);
        data
    }

    fn change(&mut self, data: &mut Vec<u8>) {
        let (from, to) = self.span(data.len());
        match self.below(7) {
            0 => data.extend_from_slice(self.token().as_bytes()),
            1 => drop(data.splice(from..from, self.token().bytes())),
            2 => drop(data.splice(from..to, self.token().bytes())),
            3 => drop(data.drain(from..to)),
            4 => {
                let times = 1 + self.below(64);
                let copy = data[from..to].repeat(times);
                drop(data.splice(from..from, copy));
            }
            5 => {
                let bits = self.below(256) as u8;
                data.iter_mut().skip(from).take(1).for_each(|byte| *byte ^= bits);
            }
            _ => {
                let other = self.seed();
                let (start, end) = self.span(other.len());
                drop(data.splice(from..to, other[start..end].iter().copied()));
            }
        }
        data.truncate(MOST);
    }

    fn seed(&mut self) -> Vec<u8> {
        let place = self.below(self.seeds.len());
        self.seeds.get(place).cloned().unwrap_or_default()
    }

    fn token(&mut self) -> &'static str {
        TOKENS[self.below(TOKENS.len())]
    }

    /// A range within `0..=length`, most often a short one.
    fn span(&mut self, length: usize) -> (usize, usize) {
        let from = self.below(length + 1);
        let longest = if self.below(4) == 0 { length } else { 16 };
        let to = from + self.below(longest + 1);
        (from, to.min(length))
    }

    /// A number below `limit`; 0 when there is none (SplitMix64).
    fn below(&mut self, limit: usize) -> usize {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        (z % (limit.max(1) as u64)) as usize
    }
}
