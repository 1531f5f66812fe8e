//! Guesses at what a user meant: the nearest name, the likeliest column for a field.

/// Names that columns with lead ids, times, event names and attributes go by, likeliest first, without blanks and marks.
const KNOWN: [(&str, &[&str]); 6] = [
    (
        "lead_id",
        &[
            "leadid",
            "id",
            "contactid",
            "recordid",
            "userid",
            "customerid",
            "personid",
            "visitorid",
            "clientid",
            "email",
            "emailaddress",
            "mail",
            "anonymousid",
            "uuid",
            "key",
        ],
    ),
    (
        "time",
        &[
            "time",
            "timestamp",
            "datetime",
            "eventtime",
            "eventtimestamp",
            "occurredat",
            "date",
            "eventdate",
            "ts",
            "createdat",
            "sentat",
            "receivedat",
        ],
    ),
    ("event", &["event", "eventname", "eventtype", "name", "action", "activity", "activitytype", "type"]),
    ("email", &["email", "emailaddress", "mail", "workemail", "businessemail"]),
    ("title", &["title", "jobtitle", "position", "role"]),
    (
        "employees",
        &["employees", "noofemployees", "numberofemployees", "employeecount", "companysize", "headcount"],
    ),
];

/// The name nearest to `name`, if one is near enough to be meant.
pub(crate) fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    const NEAR: f64 = 0.75;
    let plain_name = plain(name);
    let score = |candidate: &str| strsim::normalized_damerau_levenshtein(&plain_name, &plain(candidate));
    let mut best = (NEAR, None);
    for candidate in names {
        let score = score(candidate);
        if score > best.0 {
            best = (score, Some(candidate));
        }
    }
    best.1
}

/// The column that likeliest stands for a field that no column is named after.
pub(super) fn likeliest<'n>(field: &str, columns: &'n [String]) -> Option<&'n str> {
    // A part of an object in a column of its own, `address.city`, is not the object.
    let is_part =
        |column: &str| column.split_once('.').is_some_and(|(outer, _)| plain(outer) == plain(field));
    let columns: Vec<&'n String> = columns.iter().filter(|column| !is_part(column)).collect();
    let by_plain =
        |wanted: &str| columns.iter().find(|column| plain(column) == wanted).map(|column| column.as_str());
    let known = KNOWN.iter().find(|(name, _)| *name == field).map_or(&[][..], |(_, known)| known);
    by_plain(&plain(field))
        .or_else(|| known.iter().find_map(|name| by_plain(name)))
        .or_else(|| nearest(field, columns.iter().map(|column| column.as_str())))
        .or_else(|| with_word(field, &columns))
}

/// The only column that has the field as one of its words: `Country/Region` for `country`.
fn with_word<'n>(field: &str, columns: &[&'n String]) -> Option<&'n str> {
    let is_word = |word: &str| !word.is_empty() && plain(word) == plain(field);
    let has_word = |column: &&&String| column.split(|c: char| !c.is_alphanumeric()).any(is_word);
    let mut found = columns.iter().filter(has_word);
    found.next().filter(|_| found.next().is_none()).map(|column| column.as_str())
}

/// A name without capitals, blanks and marks.
fn plain(name: &str) -> String {
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The option that maps fields to columns, as typed in a shell.
pub(super) fn map_option(entries: &[(&str, &str)]) -> String {
    let quote = |name: &str| {
        if name.contains([',', '=', '"']) {
            format!("\"{}\"", name.replace('"', "\"\""))
        } else {
            name.to_owned()
        }
    };
    let entries: Vec<_> =
        entries.iter().map(|(field, column)| format!("{}={}", quote(field), quote(column))).collect();
    let mapping = entries.join(",");
    let safe = |character: char| character.is_alphanumeric() || "_-.,=@".contains(character);
    if mapping.chars().all(safe) { format!("--map {mapping}") } else { format!("--map '{mapping}'") }
}

#[cfg(test)]
mod tests {
    use super::{likeliest, map_option, nearest};

    #[test]
    fn a_near_name_is_found_and_a_far_one_is_not() {
        let columns = ["Email", "First Name", "Company"];
        let near = |name| nearest(name, columns.into_iter());
        assert_eq!(near("Emial"), Some("Email"));
        assert_eq!(near("first_name"), Some("First Name"));
        assert_eq!(near("phone"), None);
    }

    #[test]
    fn the_likeliest_column_for_a_field_is_guessed() {
        let check = |field: &str, columns: &[&str], expect: Option<&str>| {
            let columns: Vec<_> = columns.iter().map(|column| (*column).to_owned()).collect();
            assert_eq!(likeliest(field, &columns), expect);
        };
        check("lead_id", &["Email", "Lead ID"], Some("Lead ID"));
        check("lead_id", &["user_id", "session_id", "event", "timestamp"], Some("user_id"));
        check("lead_id", &["First Name", "E-mail"], Some("E-mail"));
        check("time", &["user_id", "session_id", "event", "timestamp"], Some("timestamp"));
        check("employees", &["No. of Employees"], Some("No. of Employees"));
        check("industry", &["Industry"], Some("Industry"));
        check("industry", &["Name"], None);
        check("country", &["ZIP", "Country/Region"], Some("Country/Region"));
        check("name", &["First name of contact", "Last name of contact"], None);
        check("address", &["address.city"], None);
        check("size", &["Size.x", "Size (total)"], Some("Size (total)"));
    }

    #[test]
    fn the_option_is_written_as_a_shell_takes_it() {
        assert_eq!(map_option(&[("lead_id", "Email")]), "--map lead_id=Email");
        assert_eq!(map_option(&[("lead_id", "Lead ID"), ("a", "b")]), "--map 'lead_id=Lead ID,a=b'");
        assert_eq!(map_option(&[("size", "Size, total")]), "--map 'size=\"Size, total\"'");
    }
}
