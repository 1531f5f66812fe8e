//! What tells that a text is about somebody.

/// Whether a text holds a name by itself, whatever the case of letters: `a@acme.example` does not stand in `ada@acme.example`.
pub(crate) fn mentions(text: &str, name: &str) -> bool {
    let (text, name) = (&*text.to_lowercase(), &*name.to_lowercase());
    let is_part = |of: Option<char>| of.is_some_and(|of| of.is_alphanumeric() || "._%+-@".contains(of));
    let [begins, ends] = [name.chars().next(), name.chars().next_back()].map(is_part);
    text.match_indices(name).any(|(start, found)| {
        let (before, after) = (&text[..start], &text[start + found.len()..]);
        // A stop at the end of a sentence is none of an address.
        let follows = after.strip_prefix('.').unwrap_or(after).chars().next();
        let goes_on = (begins && is_part(before.chars().next_back())) || (ends && is_part(follows));
        !goes_on
    })
}

/// Whether a text that is JSON holds an id as a value by itself.
pub(crate) fn lists(json: &str, id: &str) -> bool {
    let written = id.replace('\\', r"\\").replace('"', r#"\""#);
    json.contains(&format!("\"{written}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_listed_where_it_is_a_whole_value() {
        assert!(lists(r#"{"ids":["a-1","b\"2"]}"#, "a-1"));
        assert!(lists(r#"{"ids":["a-1","b\"2"]}"#, "b\"2"));
        assert!(!lists(r#"{"ids":["a-11"]}"#, "a-1"));
    }

    #[test]
    fn a_name_is_mentioned_where_it_stands_by_itself() {
        for text in ["a@b.example", "mail <a@b.example>, c", "to a@b.example.", r#"{"email":"a@b.example"}"#]
        {
            assert!(mentions(text, "a@b.example"), "{text}");
        }
        for text in ["ada@b.example", "x.a@b.example", "a@b.examples", "a@b.example.org", ""] {
            assert!(!mentions(text, "a@b.example"), "{text}");
        }
        assert!(mentions(r#"{"userid":"17"}"#, r#""userid":"17""#));
        assert!(!mentions(r#"{"userid":"177"}"#, r#""userid":"17""#));
    }
}
