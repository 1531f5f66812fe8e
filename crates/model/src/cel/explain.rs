//! What a syntax error says to someone who has never seen a grammar.

use std::ops::Range;

use cel::ParseErrors;

use super::{
    Problem,
    parse::too_deep,
    tokens::{Kind, Token, Tokens},
};

/// The one problem that most likely causes all that the parser complains about.
pub(super) fn explain(text: &str, tokens: &Tokens, errors: &ParseErrors) -> Problem {
    let first = errors.errors.first();
    let message = first.map_or("", |error| error.msg.as_str());
    if message.contains("ecursion limit") {
        return too_deep(text);
    }
    let at = first.map_or(0, |error| offset(text, error.pos));
    if let Some(problem) = tokens.iter().find_map(|token| strange(text, token)) {
        return problem;
    }
    if let Some(problem) = tokens.lonely(text).next().map(|token| lonely(text, token)) {
        return problem;
    }
    if tokens.len() == 0 {
        return syntax(0..text.len(), "the expression is empty");
    }
    if message.starts_with("invalid") && message.contains("literal") {
        let span = tokens
            .place_at(at)
            .and_then(|place| tokens.get(place))
            .map_or(at..at, |token| token.span.clone());
        let literal = &text[span.clone()];
        return if literal.contains(['"', '\'']) {
            syntax(span, format!("`{literal}` has an escape that stands for no character"))
        } else {
            syntax(span, format!("`{literal}` is not a number that fits"))
        };
    }
    if message.contains("_?_:_") {
        let sign = tokens.iter().find(|token| text[token.span.clone()] == *"?");
        let span = sign.map_or(at..at, |token| token.span.clone());
        return syntax(span, "`?` without `:`").help("a choice is written `condition ? value : other value`");
    }
    unexpected(text, tokens, at)
}

fn syntax(span: Range<usize>, message: impl Into<String>) -> Problem {
    Problem::new("syntax", span, message)
}

/// The byte at a line and a column, both from 1, columns counted in characters.
fn offset(text: &str, (line, column): (isize, isize)) -> usize {
    let before: usize = text.split_inclusive('\n').take((line - 1).max(0) as usize).map(str::len).sum();
    let characters = text[before..].chars().take((column - 1).max(0) as usize);
    before + characters.map(char::len_utf8).sum::<usize>()
}

/// What is wrong with a token by itself.
fn strange(text: &str, token: &Token) -> Option<Problem> {
    let word = &text[token.span.clone()];
    match token.kind {
        Kind::OpenText => {
            let quote = word.chars().find(|c| matches!(c, '"' | '\'' | '`')).unwrap_or('"');
            let problem = syntax(token.span.clone(), "the text that begins here is not closed");
            Some(problem.help(format!("end it with `{quote}`")))
        }
        Kind::Text => bad_escape(word).map(|(at, escape)| {
            let start = token.span.start + at;
            syntax(start..start + escape.len(), format!("`{escape}` stands for nothing")).help(format!(
                "write `\\{escape}` for a backslash, or put `r` before the text to take it as it is"
            ))
        }),
        Kind::Foreign => Some(foreign(token, word)),
        _ => None,
    }
}

fn foreign(token: &Token, word: &str) -> Problem {
    let span = token.span.clone();
    let problem = syntax(span, format!("unexpected `{word}`"));
    match word {
        "=" => problem.help("equality is written `==`"),
        "&" => problem.help("and is written `&&`"),
        "|" => problem.help("or is written `||`"),
        "“" | "”" | "„" | "‘" | "’" | "‚" | "«" | "»" => {
            problem.help("quotes are written `\"`")
        }
        "–" | "−" => problem.help("minus is written `-`"),
        "≥" => problem.help("at least is written `>=`"),
        "≤" => problem.help("at most is written `<=`"),
        "≠" => problem.help("inequality is written `!=`"),
        "#" => problem.help("a comment begins with `//`"),
        _ if word.chars().all(char::is_alphabetic) => {
            problem.help("a name with letters other than a–z is written `lead[\"…\"]`")
        }
        _ => problem,
    }
}

/// The first escape of a text that CEL does not know, and where it is.
fn bad_escape(word: &str) -> Option<(usize, &str)> {
    let quote = word.find(['"', '\''])?;
    let bytes = word[..quote].contains(['b', 'B']);
    if word[..quote].contains(['r', 'R']) {
        return None;
    }
    let mut at = quote;
    while let Some(found) = word[at..].find('\\') {
        let start = at + found;
        let rest = &word[start + 1..];
        let letter = rest.chars().next()?;
        let digits = match letter {
            'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '\\' | '\'' | '"' | '`' | '?' => 0,
            'x' | 'X' => 2,
            'u' if !bytes => 4,
            'U' if !bytes => 8,
            '0'..='3' => 2,
            _ => return Some((start, &word[start..start + 1 + letter.len_utf8()])),
        };
        let radix = if letter.is_ascii_digit() { 8 } else { 16 };
        let given = rest.chars().skip(1).take(digits).take_while(|c| c.is_digit(radix)).count();
        if given < digits {
            return Some((start, &word[start..start + 2 + given]));
        }
        at = start + 1 + letter.len_utf8();
    }
    None
}

fn lonely(text: &str, token: &Token) -> Problem {
    match &text[token.span.clone()] {
        open @ ("(" | "[" | "{") => syntax(token.span.clone(), format!("`{open}` is not closed")),
        close => syntax(token.span.clone(), format!("`{close}` closes nothing")),
    }
}

/// A word where another was expected.
fn unexpected(text: &str, tokens: &Tokens, at: usize) -> Problem {
    let place = tokens.place_at(at);
    let word = |place: Option<usize>| {
        place.and_then(|place| tokens.get(place)).map(|token| &text[token.span.clone()])
    };
    let before = place.map_or(tokens.len(), |place| place).checked_sub(1);
    let Some(token) = place.and_then(|place| tokens.get(place)) else {
        let last =
            before.and_then(|place| tokens.get(place)).map_or(0..text.len(), |token| token.span.clone());
        let sign = &text[last.clone()];
        return syntax(last, format!("something is missing after `{sign}`"));
    };
    let here = &text[token.span.clone()];
    let problem = syntax(token.span.clone(), format!("unexpected `{here}`"));
    for (candidate, span) in
        [(Some(here), Some(token)), (word(before), before.and_then(|place| tokens.get(place)))]
    {
        if let (Some(candidate), Some(span)) = (candidate, span)
            && let Some(help) = foreign_word(candidate)
        {
            return syntax(span.span.clone(), format!("unexpected `{candidate}`")).help(help);
        }
    }
    if here == ">" && word(before) == Some("<") {
        return problem.help("inequality is written `!=`");
    }
    let after_field = before.and_then(|place| place.checked_sub(1));
    if token.kind == Kind::Word && word(after_field) == Some(".") {
        let name = format!("{} {here}", word(before).unwrap_or_default());
        return problem.help(format!("a name with spaces is written `lead[\"{name}\"]`"));
    }
    if is_reserved(here) {
        return problem.help("the word is reserved: a field of that name is written `lead[\"…\"]`");
    }
    if matches!(token.kind, Kind::Word | Kind::Number | Kind::Text)
        && before.and_then(|place| tokens.get(place)).is_some_and(|token| token.kind != Kind::Sign)
    {
        return problem.help("between two values stands an operator, such as `==`, `&&` or `,` in a list");
    }
    problem
}

/// What CEL writes for a word of other languages.
fn foreign_word(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "and" => "and is written `&&`",
        "or" => "or is written `||`",
        "not" => "not is written `!`, as in `!(x in list)`",
        "is" | "eq" | "equals" => "equality is written `==`",
        "ne" => "inequality is written `!=`",
        "like" | "contains" => "write `x.contains(\"…\")`, or `x.matches(\"…\")` for a pattern",
        "between" => "write `x >= 1 && x <= 9`",
        "then" | "if" | "else" => "a choice is written `condition ? value : other value`",
        _ => return None,
    })
}

fn is_reserved(word: &str) -> bool {
    const RESERVED: [&str; 18] = [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "in",
        "let",
        "loop",
        "namespace",
        "package",
        "return",
        "var",
        "void",
        "while",
    ];
    RESERVED.contains(&word)
}
