//! Texts of leads made safe for where they are shown.

/// A text on one line, without what drives terminals or ends a header.
pub(crate) fn line(text: &str) -> String {
    text.chars().map(|c| if is_plain(c) { c } else { ' ' }).collect()
}

/// A text on one line of so many characters at most.
pub(crate) fn short(text: &str, most: usize) -> String {
    let text = line(text);
    if text.chars().count() <= most {
        return text;
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// A text for Slack's mrkdwn, of so many bytes at most: it can neither mention nor link.
pub(crate) fn mrkdwn(text: &str, most: usize) -> String {
    escaped(text, most, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        _ => None,
    })
}

/// A text for HTML, also within quotes.
pub(crate) fn html(text: &str) -> String {
    escaped(text, usize::MAX, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        _ => None,
    })
}

fn escaped(text: &str, most: usize, entity: impl Fn(char) -> Option<&'static str>) -> String {
    let mut safe = String::new();
    for c in text.chars().map(|c| if is_plain(c) || c == '\n' { c } else { ' ' }) {
        let length = entity(c).map_or_else(|| c.len_utf8(), str::len);
        // Room is kept for the mark of what was left out.
        if safe.len() + length > most.saturating_sub('…'.len_utf8()) {
            safe.push('…');
            break;
        }
        match entity(c) {
            Some(entity) => safe.push_str(entity),
            None => safe.push(c),
        }
    }
    safe
}

/// Neither a control character nor a mark that turns the direction of text.
fn is_plain(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slack_texts_can_neither_mention_nor_link() {
        assert_eq!(mrkdwn("<!channel> & <https://x|y>", 99), "&lt;!channel&gt; &amp; &lt;https://x|y&gt;");
        assert_eq!(mrkdwn("one\ntwo\u{7}", 99), "one\ntwo ");
    }

    #[test]
    fn an_entity_is_kept_whole_or_left_out() {
        assert_eq!(mrkdwn("ab<cd", 10), "ab&lt;c…");
        assert_eq!(mrkdwn("ab<cd", 7), "ab…");
    }

    #[test]
    fn html_texts_cannot_leave_their_place() {
        assert_eq!(
            html("<img src='x' onerror=\"y\">&"),
            "&lt;img src=&#39;x&#39; onerror=&quot;y&quot;&gt;&amp;"
        );
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(line("a\r\nBcc: b\u{1b}[2J\u{202e}"), "a  Bcc: b [2J ");
        assert_eq!(short("abcdef", 4), "abc…");
        assert_eq!(short("abcd", 4), "abcd");
    }
}
