//! Picks wanted keys out of objects: where in the text their values lie, in one walk.

use rustc_hash::FxHashMap;

use super::{
    value::unescaped,
    walk::{Fault, Walker},
};

/// The keys to pick, as a tree: an entry is a key of an object, and may itself be an object with keys to pick.
#[derive(Debug)]
pub(super) struct Picks {
    objects: Vec<Object>,
    /// For each entry, what is picked within it.
    within: Vec<Option<usize>>,
    /// For each entry, whether it is picked itself.
    whole: Vec<bool>,
    /// Whether all of a row is of interest.
    rows: bool,
}

#[derive(Debug, Default)]
struct Object {
    entries: FxHashMap<Box<[u8]>, usize>,
    all: Vec<usize>,
}

/// A value to pick; its place in [`Picked::spans`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Pick(usize);

/// Where the values of one row lie.
#[derive(Debug)]
pub(super) struct Picked {
    spans: Vec<(u32, u32)>,
    /// For each object, the keys of the row before: rows of a file tend to look alike.
    guesses: Vec<Vec<Guess>>,
}

/// A key, from its opening quote to where its value begins, and its entry.
#[derive(Debug, Clone, Copy)]
struct Guess {
    start: usize,
    end: usize,
    entry: Option<usize>,
}

const NOWHERE: (u32, u32) = (u32::MAX, u32::MAX);
const TOP: usize = 0;

impl Default for Picks {
    fn default() -> Self {
        Self { objects: vec![Object::default()], within: Vec::new(), whole: Vec::new(), rows: false }
    }
}

impl Picks {
    /// How long a path may be: the walk over it recurses.
    const LONG: usize = 16;

    /// Picks the value at a path of keys.
    pub(super) fn add<'k>(&mut self, path: impl IntoIterator<Item = &'k str>) -> Pick {
        let (mut object, mut entry) = (TOP, None);
        for key in path.into_iter().take(Self::LONG) {
            if let Some(outer) = entry {
                object = self.within(outer);
            }
            entry = Some(self.entry(object, key));
        }
        let entry = entry.unwrap_or_else(|| self.entry(TOP, ""));
        self.whole[entry] = true;
        Pick(entry)
    }

    /// Takes rows as a whole, too.
    pub(super) fn add_rows(&mut self) {
        self.rows = true;
    }

    fn entry(&mut self, object: usize, key: &str) -> usize {
        let next = self.within.len();
        let object = &mut self.objects[object];
        let entry = *object.entries.entry(key.as_bytes().into()).or_insert(next);
        if entry == next {
            object.all.push(entry);
            self.within.push(None);
            self.whole.push(false);
        }
        entry
    }

    fn within(&mut self, entry: usize) -> usize {
        *self.within[entry].get_or_insert_with(|| {
            self.objects.push(Object::default());
            self.objects.len() - 1
        })
    }

    /// Room for the picked values of a row.
    pub(super) fn picked(&self) -> Picked {
        Picked { spans: vec![NOWHERE; self.within.len()], guesses: vec![Vec::new(); self.objects.len()] }
    }

    /// Walks over the object that comes next and notes where the wanted values lie.
    pub(super) fn pick(
        &self,
        walker: &mut Walker<'_>,
        bytes: &[u8],
        picked: &mut Picked,
    ) -> Result<(), Fault> {
        picked.spans.fill(NOWHERE);
        self.object((TOP, self.rows), walker, bytes, picked)
    }

    /// Walks over an object; whether it is of interest as a `whole`.
    fn object(
        &self,
        (object, whole): (usize, bool),
        walker: &mut Walker<'_>,
        bytes: &[u8],
        picked: &mut Picked,
    ) -> Result<(), Fault> {
        walker.at += 1;
        walker.space();
        if walker.take(b'}') {
            return Ok(());
        }
        for nth in 0.. {
            let entry = match picked.guesses[object].get(nth) {
                Some(guess) if walker.take_all(&bytes[guess.start..guess.end]) => {
                    // This row may have more blanks than the one before.
                    walker.space();
                    guess.entry
                }
                _ => self.key(object, nth, walker, bytes, picked)?,
            };
            let start = walker.at;
            match entry {
                None if whole => walker.value()?,
                None => walker.skip()?,
                Some(entry) => {
                    self.wanted((entry, whole || self.whole[entry]), walker, bytes, picked)?;
                    picked.spans[entry] = (start as u32, walker.at as u32);
                }
            }
            walker.space();
            if walker.take(b',') {
                walker.space();
                continue;
            }
            if walker.take(b'}') {
                break;
            }
            return walker.fault("expected `,` or `}`");
        }
        Ok(())
    }

    /// Walks over the value of an entry.
    fn wanted(
        &self,
        (entry, whole): (usize, bool),
        walker: &mut Walker<'_>,
        bytes: &[u8],
        picked: &mut Picked,
    ) -> Result<(), Fault> {
        let Some(within) = self.within[entry] else {
            return walker.value();
        };
        if picked.spans[entry] != NOWHERE {
            self.forget(within, picked);
        }
        if walker.peek() == Some(b'{') {
            self.object((within, whole), walker, bytes, picked)
        } else {
            walker.value()
        }
    }

    /// Of two equal keys the later counts: takes away what was picked within the earlier.
    #[cold]
    fn forget(&self, object: usize, picked: &mut Picked) {
        for entry in &self.objects[object].all {
            picked.spans[*entry] = NOWHERE;
            if let Some(within) = self.within[*entry] {
                self.forget(within, picked);
            }
        }
    }

    /// Goes over the `nth` key of an object and looks up its entry: the next row is guessed to have the same one there.
    fn key(
        &self,
        object: usize,
        nth: usize,
        walker: &mut Walker<'_>,
        bytes: &[u8],
        picked: &mut Picked,
    ) -> Result<Option<usize>, Fault> {
        const MOST: usize = 256;
        let start = walker.at;
        let (key_start, key_end) = walker.key()?;
        let entry = self.look_up(object, &bytes[key_start..key_end]);
        let guess = Guess { start, end: walker.at, entry };
        let guesses = &mut picked.guesses[object];
        match guesses.get_mut(nth) {
            Some(known) => *known = guess,
            None if nth < MOST => guesses.push(guess),
            None => {}
        }
        Ok(entry)
    }

    fn look_up(&self, object: usize, key: &[u8]) -> Option<usize> {
        let entries = &self.objects[object].entries;
        if !key.contains(&b'\\') {
            return entries.get(key).copied();
        }
        let key = std::str::from_utf8(key).ok()?;
        entries.get(unescaped(key).as_bytes()).copied()
    }
}

impl Picked {
    /// Forgets the row before, whose text is gone.
    pub(super) fn begin_text(&mut self) {
        self.guesses.iter_mut().for_each(Vec::clear);
    }

    /// The text of a picked value, if the row has it.
    #[inline]
    pub(super) fn raw<'t>(&self, text: &'t str, pick: Pick) -> Option<&'t str> {
        let (start, end) = self.spans[pick.0];
        text.get(start as usize..end as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::walk::Walker, Picks};

    fn check(rows: &[&str], paths: &[&str], expect: &[&[Option<&str>]]) {
        let mut picks = Picks::default();
        let places: Vec<_> = paths.iter().map(|path| picks.add(path.split('.'))).collect();
        let mut picked = picks.picked();
        let text = rows.join("\n");
        let mut walker = Walker::new(text.as_bytes(), 0);
        for (row, expect) in rows.iter().zip(expect) {
            picks.pick(&mut walker, text.as_bytes(), &mut picked).unwrap();
            walker.at += 1;
            let raw: Vec<_> = places.iter().map(|place| picked.raw(&text, *place)).collect();
            assert_eq!(raw, *expect, "{row}");
        }
    }

    #[test]
    fn values_are_picked_by_key_at_any_depth() {
        check(
            &[
                r#"{"a":1,"b":{"x":[2],"y":"z"},"c":null}"#,
                r#"{"b":{"y":3}}"#,
                r#"{"b":7,"a":{"x":1}}"#,
                "{}",
            ],
            &["a", "b.y", "b"],
            &[
                &[Some("1"), Some(r#""z""#), Some(r#"{"x":[2],"y":"z"}"#)],
                &[None, Some("3"), Some(r#"{"y":3}"#)],
                &[Some(r#"{"x":1}"#), None, Some("7")],
                &[None, None, None],
            ],
        );
    }

    #[test]
    fn a_key_is_found_whatever_stood_in_the_row_before() {
        check(
            &[
                r#"{"a":1,"b":2}"#,
                r#"{"a": 3, "b" : 4}"#,
                r#"{"a":  5,  "b" :6}"#,
                r#"{ "a" :7,"bb":8,"b":9}"#,
                r#"{"a\"":1,"bb":8,"b":10}"#,
                r#"{"a\"":1,"b":11}"#,
            ],
            &["a", "b"],
            &[
                &[Some("1"), Some("2")],
                &[Some("3"), Some("4")],
                &[Some("5"), Some("6")],
                &[Some("7"), Some("9")],
                &[None, Some("10")],
                &[None, Some("11")],
            ],
        );
    }

    #[test]
    fn of_two_equal_keys_the_later_counts() {
        check(&[r#"{"a":{"x":1,"y":2},"a":{"y":3}}"#], &["a.x", "a.y"], &[&[None, Some("3")]]);
        check(&[r#"{"a":{"x":1},"a":5}"#], &["a.x", "a"], &[&[None, Some("5")]]);
    }

    #[test]
    fn an_escaped_key_is_the_key_that_it_stands_for() {
        check(
            &[r#"{"\u0061":1}"#, r#"{"a":2}"#, r#"{"\u0061":3}"#],
            &["a"],
            &[&[Some("1")], &[Some("2")], &[Some("3")]],
        );
    }
}
