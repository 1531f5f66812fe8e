//! Pages that need nothing else: text made harmless, tables, and plots beside them.

pub(crate) mod plot;

use super::text::harmless;

const STYLE: &str = include_str!("html/style.css");

/// A whole page. It asks nothing of any network and runs no program, and says so to the browser.
pub(crate) fn page(title: &str, body: &str) -> String {
    let title = escaped(title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
}

/// Text that a browser shows as it is.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in harmless(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column {
    Text(&'static str),
    Number(&'static str),
}

/// Rows of plain text under titles; the first cell of a row names it. A column in which nothing stands is left out.
pub(crate) fn table(caption: &str, columns: &[Column], rows: &[Vec<String>]) -> String {
    let class = |column: &Column| if matches!(column, Column::Number(_)) { " class=\"number\"" } else { "" };
    let title = |column: &Column| {
        let (Column::Text(name) | Column::Number(name)) = column;
        // What needs no title needs none that is read aloud either.
        let tag = if name.is_empty() { "td" } else { "th" };
        let scope = if name.is_empty() { "" } else { " scope=\"col\"" };
        format!("<{tag}{scope}{}>{}</{tag}>", class(column), escaped(name))
    };
    let cell = |(place, (column, text)): (usize, (&Column, &String))| {
        let text = escaped(text);
        match place {
            0 => format!("<th scope=\"row\"{}>{text}</th>", class(column)),
            _ => format!("<td{}>{text}</td>", class(column)),
        }
    };
    let is_told = |place: usize| {
        place == 0 || rows.iter().any(|cells| cells.get(place).is_some_and(|text| !text.is_empty()))
    };
    let told: Vec<bool> = (0..columns.len()).map(is_told).collect();
    let row = |cells: &Vec<String>| {
        let cells = columns.iter().zip(cells).enumerate().filter(|(place, _)| told[*place]);
        format!("<tr>{}</tr>\n", cells.map(cell).collect::<String>())
    };
    let titles: String =
        columns.iter().zip(&told).filter(|(_, told)| **told).map(|(column, _)| title(column)).collect();
    let rows: String = rows.iter().map(row).collect();
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\"><table>\n\
         <caption>{caption}</caption>\n<thead><tr>{titles}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n",
        caption = escaped(caption)
    )
}

/// A plot under its title, with its numbers as a table that can be unfolded.
pub(crate) fn figure(title: &str, says: &str, plot: &str, table: &str) -> String {
    let (title, says) = (escaped(title), escaped(says));
    format!(
        "<figure>\n<figcaption><h3>{title}</h3><p>{says}</p></figcaption>\n{plot}\
         <details><summary>Numbers</summary>\n{table}</details>\n</figure>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_users_write_is_shown_and_not_obeyed() {
        assert_eq!(escaped("<script>\"a\"&'b'"), "&lt;script&gt;&quot;a&quot;&amp;&#39;b&#39;");
        let table = table("<b>", &[Column::Text("a")], &[vec!["<img>".to_owned()]]);
        assert!(!table.contains("<img>") && !table.contains("<b>"), "{table}");
    }

    #[test]
    fn a_column_in_which_nothing_stands_is_left_out() {
        let columns = [Column::Text("tier"), Column::Number("value"), Column::Number("days")];
        let rows = [["hot", "", ""], ["warm", "", "3"]].map(|cells| cells.map(str::to_owned).to_vec());
        let table = table("Tiers", &columns, &rows);
        assert!(!table.contains("value") && table.contains("days"), "{table}");
        assert_eq!(table.matches("<td").count(), 2);
    }
}
