//! Random expressions: a grammar, and a writer that is led through it by random numbers.

use std::slice::Iter;

/// A kind of expression: its letter, expressions without parts, the simplest first, and expressions of parts.
///
/// In an expression of parts `$` and a letter stand for an expression of that kind, `$a` for one of any kind but an
/// optional, `$v` for a macro's variable, `$p` for a pattern and `$d` for a text to make a duration of.
///
/// Nothing is written that would lead to a difference which no error tells (`super::DEPARTURES`, `super::OPEN`): of
/// what `+` adds, one side is no list, or the right one is; what is taken out with `?`, or out of an optional, is
/// taken out of a map by a key or out of a list by a whole number; what is put in with `?` is an optional; a duration
/// has nothing after it and a timestamp no offset. No list is made of the keys of a map, which have no order, and large
/// whole numbers are doubles too.
struct Kind {
    letter: char,
    leaves: &'static str,
    forms: &'static str,
}

/// The optionals are last: where any kind will do they are left out, so that none is selected from by chance.
const KINDS: &[Kind] = &[
    Kind {
        letter: 'b',
        leaves: "true; false; lead.flag; event.flag; has(lead.flag); has(event.n)",
        forms: r#"
            $b && $b; $b || $b; $b && $b && $b; $b || $b || $b; !$b; $b ? $b : $b; $b && $a; $a || $b; $a;
            $n == $n; $n != $n; $n < $n; $n <= $n; $n > $n; $n >= $n;
            $s == $s; $s != $s; $s < $s; $s <= $s; $s > $s; $s >= $s; $t == $t; $t < $t; $t >= $t;
            $l == $l; $m == $m; $o == $o; $a == $a; $a != $a; $a < $a; $a >= $a; type($a) == type($a);
            lead.count > 1; 2 <= lead.count; lead.ratio < 1.5; lead.name == 'ab'; lead.budget.plan != 'a';
            lead.name.startsWith('a'); lead.name.endsWith('b'); event.path.contains('b'); lead.name.matches($p);
            lead.name in ['a', 'ab', '1.5']; lead.count in [1, 2.0, 3u]; event.page.a in [1, 'a', null, true];
            $s.startsWith($s); $s.endsWith($s); $s.contains($s); $s.matches($p); matches($s, $p); $s.matches($s);
            $n in [$n, $n]; $n in [1, 2, 3]; $s in ['a', 'b', 'ab']; $a in $l; $s in $m; $a in $m; 'count' in lead;
            $l.exists($v, $b); $l.all($v, $b); $l.exists_one($v, $b); $m.exists($v, $b); $m.all($v, $b);
            $l.existsOne($v, $b); has(lead.count); has(lead.budget.plan); has(event.page.a); has($m.a);
            bool($s); bool($b); $o.hasValue(); $o == $a; $o in [$o, $a]; $o || $b
        "#,
    },
    Kind {
        letter: 'n',
        leaves: "
            0; 1; 2; -1; 7; 0u; 1u; 0.0; -0.0; 1.0; 1.5; -2.5; 1e308; 0x1F; 9223372036854774784;
            -9223372036854775808; 18446744073709549568u; 9007199254740992; 9007199254740992.0;
            9223372036854775808.0; 18446744073709551616.0; double('NaN'); double('Infinity'); lead.count;
            lead.ratio; event.n; lead.budget.monthly; lead['two words']; lead.anything
        ",
        forms: "
            int($n) + $n; double($n) + $n; uint($n) + $n; $n + int($n); $n - $n; $n * $n; $n / $n; $n % $n; -($n);
            $b ? $n : $n; size($s); $l.size(); size($m); size($a); int($n); double($n); uint($n); int($s);
            double($s); uint($s); int($t); dyn($n); $l[$n]; $m[$a]; $m.a; $m['plan']; $o.orValue($n); $o.value();
            size($o); $s.indexOf($s); $s.lastIndexOf($s); $s.indexOf('a', $n); $t.getHours(); $t.getMinutes();
            $t.getSeconds(); $t.getFullYear(); $t.getMonth(); $t.getDate(); $t.getDayOfMonth();
            $t.getDayOfWeek(); $t.getDayOfYear('-03:00'); $t.getHours('+05:30');
            timestamp($s).getMilliseconds(); timestamp($n).getMilliseconds('-08:00')
        ",
    },
    Kind {
        letter: 's',
        leaves: r#"
            ''; 'a'; 'A'; 'ab'; 'ü€😀'; '1'; ' a b '; 'true'; '1.5'; r'\d'; "a\n"; lead.name; event.path;
            lead.budget.plan; lead.anything
        "#,
        forms: "
            string($s) + $s; string($n) + $s; $s + string($s); $b ? $s : $s; string($n); string($s); string($t);
            string($b); string(bytes($s)); $m['plan']; $l[0]; $m.a; $s.lowerAscii(); $s.upperAscii(); $s.trim();
            $s.charAt($n); $s.substring($n); $s.substring($n, $n); $s.replace($s, $s); $s.replace($s, $s, $n);
            $l.join($s); $l.join(); $s.reverse(); strings.quote($s); '%s %d'.format([$a, $n])
        ",
    },
    Kind {
        letter: 'l',
        leaves: "[]; lead.tags; lead.sizes; event.items; [1, 2, 3]; ['a', 'b']; [1, 1u, 1.0, 'a', null]",
        forms: "
            [$a]; [$n, $n]; [$s, $s]; [$l, $m]; $l + [$a]; [$a] + ['a']; [$a] + size($s); $b ? $l : $l;
            ($l + [$a]).map($v, $a); ($l + [$a]).filter($v, $b);
            ([$a] + [$n, $s]).map($v, $b, $a); $s.split($s); $s.split($s, $n);
            [?optional.of($a), ?event.?n, $a]
        ",
    },
    Kind {
        letter: 'm',
        leaves: "{}; lead.budget; event.page; {'a': 1, 'plan': 'x'}; {1: 'a', true: 2}; lead; event",
        forms: "
            {'a': $a}; {$s: $n, $s: $b}; {$n: $a}; {$a: $a}; $b ? $m : $m; {'a': $m}.a;
            {?'a': optional.of($a), ?'b': event.?n}
        ",
    },
    Kind {
        letter: 't',
        leaves: "
            duration('1h'); duration('-1.5s'); duration('2562047h'); timestamp('2026-03-01T10:00:00Z');
            timestamp('2024-02-29T23:59:59.999Z'); timestamp(0); timestamp('9999-12-31T23:59:59Z'); lead.since
        ",
        forms: "
            timestamp($s) + $t; timestamp($t) + $t; duration($d) + $t; $t + duration('2562047h'); $t - $t;
            $b ? $t : $t; timestamp($s); timestamp($n); duration($d); timestamp($t); duration($n)
        ",
    },
    Kind {
        letter: 'o',
        leaves: "optional.none(); optional.of(1); event.?n; event[?'path']; event.profile.?a; event.?profile.?plan; event[?'profile'].a",
        forms: "
            optional.of($a); optional.ofNonZeroValue(size($a)); optional.ofNonZeroValue($n - $n);
            optional.ofNonZeroValue([?event.?n]); {'a': $a}.?a; {$s: $a}[?$s]; [$a, $a][?size($s)]; optional.of({'a': $a}).?a;
            optional.of({$s: $a})[$s];
            $o.or(optional.of($a)); $o.or(event.?n); $o.optMap($v, $a);
            $o.optFlatMap($v, optional.of($a)); $b ? $o : $o
        ",
    },
];

const PATTERNS: &str = r"'a'; '^a'; 'b$'; r'\d+'; '(?i)A'; '.'; ''; '('";

const DURATIONS: &str =
    "'1h'; '1h30m'; '-1.5s'; '.5ms'; '0'; ''; 'h'; '1'; '1d'; '99999999999h'; lead.name; lead.count";

/// A variable may hide another, or a root.
const VARIABLES: &str = "x; y; lead";

const MAX_DEPTH: usize = 5;

/// The expression that a tape of random numbers leads to; where the tape ends, every choice is the first.
pub(super) fn written(tape: &[u16]) -> String {
    let mut writer = Writer { tape: tape.iter(), depth: 0, locals: Vec::new() };
    // Half are conditions.
    let place = writer.number(2 * KINDS.len());
    writer.expr(KINDS.get(place).unwrap_or(&KINDS[0]))
}

struct Writer<'a> {
    tape: Iter<'a, u16>,
    depth: usize,
    /// The variables of the macros around.
    locals: Vec<&'static str>,
}

impl Writer<'_> {
    fn number(&mut self, below: usize) -> usize {
        self.tape.next().map_or(0, |number| usize::from(*number) % below)
    }

    fn one(&mut self, of: &'static str) -> &'static str {
        let choices: Vec<&str> = of.split(';').map(str::trim).collect();
        choices[self.number(choices.len())]
    }

    fn any(&mut self) -> &'static Kind {
        &KINDS[self.number(KINDS.len() - 1)]
    }

    fn expr(&mut self, kind: &'static Kind) -> String {
        // Now and then something of a wrong type.
        let kind = if self.number(30) == 29 { self.any() } else { kind };
        if !self.locals.is_empty() && self.number(4) == 3 {
            let place = self.number(self.locals.len());
            return self.locals[place].to_owned();
        }
        if self.depth == MAX_DEPTH || self.depth > 0 && self.number(2) == 0 {
            return self.one(kind.leaves).to_owned();
        }
        self.depth += 1;
        let form = self.one(kind.forms);
        let text = self.filled(form);
        self.depth -= 1;
        format!("({text})")
    }

    /// The form with its parts written.
    fn filled(&mut self, form: &'static str) -> String {
        let around = self.locals.len();
        let mut pieces = form.split('$');
        let mut text = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            text += &self.part(&piece[..1]);
            text += &piece[1..];
        }
        self.locals.truncate(around);
        text
    }

    fn part(&mut self, letter: &str) -> String {
        match letter {
            "p" => self.one(PATTERNS).to_owned(),
            "d" => self.one(DURATIONS).to_owned(),
            "v" => {
                let variable = self.one(VARIABLES);
                self.locals.push(variable);
                variable.to_owned()
            }
            _ => {
                let kind = KINDS.iter().find(|kind| letter.starts_with(kind.letter));
                let kind = kind.unwrap_or_else(|| self.any());
                self.expr(kind)
            }
        }
    }
}
