//! Texts of a form of their own: dates, hours, addresses.

use crate::{
    diagnostics::BAD_TEXT,
    playbook::{forms, hours, setting::Setting},
};

/// A text of a form of its own.
#[derive(Debug)]
pub struct Form {
    /// What a message calls it: `a date`.
    pub title: &'static str,
    /// The code of what is told of a text that is none.
    pub(crate) code: &'static str,
    /// What it looks like, as a regular expression.
    pub pattern: &'static str,
    /// Why a text is none.
    pub(crate) fault: fn(&str) -> Option<Fault>,
}

/// Why a text is not of a form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// What is wrong: a predicate such as `is not a date`.
    pub(crate) what: &'static str,
    /// What to do.
    pub(crate) help: String,
}

/// A time zone by its name.
pub(super) static ZONE: Form = Form {
    title: "a time zone",
    code: "unknown-time-zone",
    pattern: "^[A-Za-z][A-Za-z0-9_+/-]*$",
    fault: forms::zone,
};

/// A day of the calendar.
pub(super) static DATE: Form =
    Form { title: "a date", code: BAD_TEXT, pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", fault: forms::date };

/// A time of day.
pub(super) static TIME: Form = Form {
    title: "a time of day",
    code: BAD_TEXT,
    pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$",
    fault: forms::time,
};

/// A stretch of a day.
pub(super) static HOURS: Form = Form {
    title: "hours",
    code: BAD_TEXT,
    pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
    fault: |text| hours::Stretch::parse(text).err(),
};

/// An e-mail address, or where in the environment one is.
pub(super) static EMAIL: Form =
    Form { title: "an e-mail address", code: BAD_TEXT, pattern: "@|\\$\\{", fault: forms::email };

/// A web address, or where in the environment one is.
pub(super) static URL: Form =
    Form { title: "a web address", code: BAD_TEXT, pattern: "^https?://[^ ]|\\$\\{", fault: forms::url };

/// A secret, which the environment should hold.
pub(super) static SECRET: Form =
    Form { title: "a secret", code: BAD_TEXT, pattern: "\\S", fault: |text| Setting::parse(text).err() };

/// A text with names in braces.
pub(super) static TEXT: Form = Form { title: "a text", code: BAD_TEXT, pattern: "\\S", fault: |_| None };
