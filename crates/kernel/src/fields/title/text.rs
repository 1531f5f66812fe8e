//! A title's text as plain words and breaks: folded to lower case without accents, abbreviations and gendered
//! endings taken in.

/// A piece of a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// A word: the bytes from the first to before the second place in [`Text::folded`].
    Word(usize, usize),
    /// `,`: the title goes on about the same post or names another.
    Comma,
    /// `/`: like *and*.
    Slash,
    /// `|`, a dash between spaces, a parenthesis: something else begins.
    Wall,
}

/// A title, folded. Words that follow each other without a break are one space apart.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// All words.
    pub(super) folded: String,
    /// The words' places, with what lies between.
    pub(super) pieces: Vec<Piece>,
}

/// Endings that follow a word directly after `/`, `*`, `:`, `(` and the like to name other genders or the plural.
const ENDINGS: &[&str] = &[
    "a", "as", "e", "ere", "es", "esse", "euse", "fe", "frau", "iere", "in", "innen", "n", "nen", "ne", "o",
    "os", "r", "ra", "rice", "s", "se", "trice", "woman",
];

/// The longest ending, in letters.
const LONGEST_ENDING: usize = 5;

impl Text {
    /// Folds a title.
    pub(super) fn new(title: &str) -> Self {
        let mut text = Self { folded: String::with_capacity(title.len() + 8), pieces: Vec::with_capacity(8) };
        let mut start = None;
        let mut rest = title;
        let mut before = ' ';
        let mut dotted = false;
        while let Some(c) = rest.chars().next() {
            let after = &rest[c.len_utf8()..];
            let mut skip = 0;
            if is_letter(c) {
                start.get_or_insert_with(|| text.begin_word());
                fold(c, &mut text.folded);
            } else {
                let word = start.map_or("", |start| &text.folded[start..]);
                skip = ending(word, c, after);
                if joins(word, dotted, c, after) {
                    dotted |= c == '.';
                } else if skip == 0 {
                    dotted = false;
                    text.end_word(&mut start);
                    text.break_at(c, before, after);
                }
            }
            rest = &after[skip..];
            before = if skip == 0 { c } else { ')' };
        }
        text.end_word(&mut start);
        text
    }

    /// The word or words from one place to another.
    pub(super) fn slice(&self, start: usize, end: usize) -> &str {
        self.folded.get(start..end).unwrap_or_default()
    }

    fn begin_word(&mut self) -> usize {
        if !self.folded.is_empty() {
            self.folded.push(' ');
        }
        self.folded.len()
    }

    fn end_word(&mut self, start: &mut Option<usize>) {
        if let Some(start) = start.take()
            && start < self.folded.len()
        {
            // The one English word that German lends its ending to throughout: *Key Account Managerin*.
            if self.folded[start..].ends_with("managerin") {
                self.folded.truncate(self.folded.len() - "in".len());
            }
            self.pieces.push(Piece::Word(start, self.folded.len()));
        }
    }

    fn break_at(&mut self, c: char, before: char, after: &str) {
        let piece = match c {
            ',' => Piece::Comma,
            '/' | '\\' => Piece::Slash,
            '|' | ';' | ':' | '(' | ')' | '[' | ']' | '{' | '}' | '–' | '—' | '•' | '·' | '*' | '\n' => {
                Piece::Wall
            }
            '-' if before.is_whitespace() || after.starts_with(char::is_whitespace) => Piece::Wall,
            '&' | '+' => return self.write_word("and"),
            '@' => return self.write_word("at"),
            _ => return,
        };
        if self.pieces.last().is_some_and(|last| *last != piece) {
            self.pieces.push(piece);
        }
    }

    /// A sign that stands for a word.
    fn write_word(&mut self, word: &str) {
        let mut start = Some(self.begin_word());
        self.folded.push_str(word);
        self.end_word(&mut start);
    }
}

/// Lower case without accents; the same for a letter and its capital, whatever the letter.
fn fold(c: char, folded: &mut String) {
    if c.is_ascii() {
        folded.push(c.to_ascii_lowercase());
        return;
    }
    for c in c.to_uppercase().flat_map(char::to_lowercase) {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ą' => folded.push('a'),
            'æ' => folded.push_str("ae"),
            'ç' | 'ć' | 'č' => folded.push('c'),
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => folded.push('e'),
            'ì' | 'í' | 'î' | 'ï' | 'ī' => folded.push('i'),
            'ł' => folded.push('l'),
            'ñ' | 'ń' | 'ň' => folded.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => folded.push('o'),
            'œ' => folded.push_str("oe"),
            'ß' => folded.push_str("ss"),
            'ś' | 'š' => folded.push('s'),
            'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ű' => folded.push('u'),
            'ý' | 'ÿ' => folded.push('y'),
            'ź' | 'ż' | 'ž' => folded.push('z'),
            c if is_mark(c) => {}
            c => folded.push(c),
        }
    }
}

/// The letters and digits at the start of a text.
fn letters(text: &str) -> &str {
    text.split(|c: char| !is_letter(c)).next().unwrap_or_default()
}

fn folded(text: &str) -> String {
    let mut folded = String::new();
    text.chars().for_each(|c| fold(c, &mut folded));
    folded
}

/// A letter, a digit, or an accent written apart.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_mark(c)
}

/// Accents written apart from their letter.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// How many bytes of `after` are a gendered or plural ending of `word`: `Leiter/in`, `Chargé(e)`, `Manager:in`.
fn ending(word: &str, sign: char, after: &str) -> usize {
    let last = match sign {
        '(' => ")",
        '/' | '*' | ':' | '_' | '.' | '·' | '•' => "",
        _ => return 0,
    };
    if word.len() < 4 {
        return 0;
    }
    let dash = after.len() - after.trim_start_matches('-').len();
    let letters = letters(&after[dash..]);
    if letters.chars().count() > LONGEST_ENDING {
        return 0;
    }
    let folded = folded(letters);
    let length = dash + letters.len();
    let closed = after[length..].starts_with(last) && !after[length..].starts_with('.');
    if closed && ENDINGS.contains(&folded.as_str()) { length + last.len() } else { 0 }
}

/// Whether a sign inside an abbreviation joins its letters: `V.P.`, `R&D`, `FP&A`, `S&OP`.
fn joins(word: &str, dotted: bool, sign: char, after: &str) -> bool {
    if !matches!(sign, '.' | '&' | '+') {
        return false;
    }
    let next = folded(letters(after)).chars().count();
    match (sign, word.len()) {
        ('.', 1) => next == 1,
        ('.', _) => next == 1 && dotted,
        ('&' | '+', 1) => (1..=2).contains(&next),
        ('&' | '+', 2) => next == 1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_breaks_are_kept() {
        for (title, pieces) in [
            ("Sr. VP, Mktg & Comms", "sr vp , mktg and comms"),
            ("Head of Growth (EMEA)", "head of growth | emea |"),
            ("CEO/CTO | Founder", "ceo / cto | founder"),
            ("Vice-President - Sales", "vice president | sales"),
            ("Chief  of\tStaff", "chief of staff"),
            ("Directeur d'agence", "directeur d agence"),
            ("Manager @ Acme", "manager at acme"),
            ("GESCHÄFTSFÜHRER Straße", "geschaftsfuhrer strasse"),
            ("Inge\u{301}nieur Œuvre", "ingenieur oeuvre"),
            ("总经理", "总经理"),
            ("", ""),
        ] {
            check(title, pieces);
        }
    }

    #[test]
    fn abbreviations_are_one_word() {
        for (title, pieces) in [
            ("V.P. Sales", "vp sales"),
            ("C.E.O", "ceo"),
            ("Sr.V.P.", "sr vp"),
            ("Dir.Mktg.", "dir mktg"),
            ("R&D", "rd"),
            ("FP&A", "fpa"),
            ("S&OP", "sop"),
            ("R & D", "r and d"),
            ("HR&IT", "hr and it"),
            ("I+D", "id"),
        ] {
            check(title, pieces);
        }
    }

    #[test]
    fn endings_for_other_genders_are_left_out() {
        for (title, pieces) in [
            ("Leiter/in Marketing", "leiter marketing"),
            ("Leiter/-in", "leiter"),
            ("Manager*in", "manager"),
            ("Berater:innen", "berater"),
            ("Entwickler_in", "entwickler"),
            ("Chargé(e) d'affaires", "charge d affaires"),
            ("Chargé·e", "charge"),
            ("Directeur/trice", "directeur"),
            ("Director/a", "director"),
            ("Key Account Managerin", "key account manager"),
            ("A/B Testing", "a / b testing"),
            ("Sales/Marketing", "sales / marketing"),
        ] {
            check(title, pieces);
        }
    }

    #[test]
    fn a_letter_that_two_capitals_stand_for_joins_as_two() {
        check("BD&İﬁ", "bd and ifi");
        check("BD&İFI", "bd and ifi");
    }

    fn check(title: &str, expect: &str) {
        let text = Text::new(title);
        let pieces = text.pieces.iter().map(|piece| match piece {
            Piece::Word(start, end) => text.slice(*start, *end),
            Piece::Comma => ",",
            Piece::Slash => "/",
            Piece::Wall => "|",
        });
        assert_eq!(pieces.collect::<Vec<_>>().join(" "), expect, "`{title}`");
    }
}
