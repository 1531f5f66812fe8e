//! The functions and operators of expressions: one table of names, styles and argument counts.

/// How a function is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// An operator; its name is the one that the parser gives it.
    Operator,
    /// `f(x)`
    Global,
    /// `x.f()`
    Member,
    /// `f(x)` or `x.f()`
    Either,
}

/// A function with how it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// Which function.
    pub function: Function,
    /// Its name.
    pub name: &'static str,
    /// How it is written.
    pub style: Style,
    /// The least number of arguments, the receiver of a member call counted.
    pub min: usize,
    /// The greatest number of arguments, the receiver of a member call counted.
    pub max: usize,
}

macro_rules! functions {
    ($($function:ident $style:ident $name:literal $min:literal..=$max:literal $doc:literal)*) => {
        /// A function or an operator.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Function {
            $(#[doc = $doc] $function,)*
        }

        /// All functions and operators.
        pub const FUNCTIONS: &[Signature] = &[$(Signature {
            function: Function::$function,
            name: $name,
            style: Style::$style,
            min: $min,
            max: $max,
        },)*];
    };
}

functions! {
    Not Operator "!_" 1..=1 "`!a`"
    Negate Operator "-_" 1..=1 "`-a`"
    Add Operator "_+_" 2..=2 "`a + b`"
    Subtract Operator "_-_" 2..=2 "`a - b`"
    Multiply Operator "_*_" 2..=2 "`a * b`"
    Divide Operator "_/_" 2..=2 "`a / b`"
    Modulo Operator "_%_" 2..=2 "`a % b`"
    Equal Operator "_==_" 2..=2 "`a == b`"
    NotEqual Operator "_!=_" 2..=2 "`a != b`"
    Less Operator "_<_" 2..=2 "`a < b`"
    LessEqual Operator "_<=_" 2..=2 "`a <= b`"
    Greater Operator "_>_" 2..=2 "`a > b`"
    GreaterEqual Operator "_>=_" 2..=2 "`a >= b`"
    In Operator "@in" 2..=2 "`a in b`"

    Size Either "size" 1..=1 "Number of characters, bytes, items or entries"
    Contains Member "contains" 2..=2 "Whether text contains text"
    StartsWith Member "startsWith" 2..=2 "Whether text starts with text"
    EndsWith Member "endsWith" 2..=2 "Whether text ends with text"
    Matches Either "matches" 2..=2 "Whether a regular expression matches somewhere in text"

    ToBool Global "bool" 1..=1 "Conversion to `bool`"
    ToBytes Global "bytes" 1..=1 "Conversion to `bytes`"
    ToDouble Global "double" 1..=1 "Conversion to `double`"
    ToDuration Global "duration" 1..=1 "Conversion to a duration"
    ToDyn Global "dyn" 1..=1 "The value itself"
    ToInt Global "int" 1..=1 "Conversion to `int`"
    ToString Global "string" 1..=1 "Conversion to `string`"
    ToTimestamp Global "timestamp" 1..=1 "Conversion to a timestamp"
    ToUint Global "uint" 1..=1 "Conversion to `uint`"
    TypeOf Global "type" 1..=1 "The type of a value"

    GetDate Member "getDate" 1..=2 "Day of the month from 1"
    GetDayOfMonth Member "getDayOfMonth" 1..=2 "Day of the month from 0"
    GetDayOfWeek Member "getDayOfWeek" 1..=2 "Day of the week, Sunday is 0"
    GetDayOfYear Member "getDayOfYear" 1..=2 "Day of the year from 0"
    GetFullYear Member "getFullYear" 1..=2 "Year"
    GetMonth Member "getMonth" 1..=2 "Month from 0"
    GetHours Member "getHours" 1..=2 "Hour of the day, or a duration in whole hours"
    GetMinutes Member "getMinutes" 1..=2 "Minute of the hour, or a duration in whole minutes"
    GetSeconds Member "getSeconds" 1..=2 "Second of the minute, or a duration in whole seconds"
    GetMilliseconds Member "getMilliseconds" 1..=2 "Milliseconds of the second"

    CharAt Member "charAt" 2..=2 "The character at a position"
    Format Member "format" 2..=2 "Text with `%s`, `%d`, … filled in from a list"
    IndexOf Member "indexOf" 2..=3 "The first position of text in text, or -1"
    Join Member "join" 1..=2 "A list of text as one text"
    LastIndexOf Member "lastIndexOf" 2..=3 "The last position of text in text, or -1"
    LowerAscii Member "lowerAscii" 1..=1 "Text with A–Z in lower case"
    Quote Global "strings.quote" 1..=1 "Text in double quotes, with escapes"
    Replace Member "replace" 3..=4 "Text with some text replaced"
    Reverse Member "reverse" 1..=1 "Text backwards"
    Split Member "split" 2..=3 "Text as a list, cut at a separator"
    Substring Member "substring" 2..=3 "A part of text"
    Trim Member "trim" 1..=1 "Text without space at its ends"
    UpperAscii Member "upperAscii" 1..=1 "Text with a–z in upper case"

    OptionalNone Global "optional.none" 0..=0 "No value"
    OptionalOf Global "optional.of" 1..=1 "A value as an optional"
    OptionalOfNonZero Global "optional.ofNonZeroValue" 1..=1 "A value as an optional, unless it is empty or zero"
    HasValue Member "hasValue" 1..=1 "Whether an optional has a value"
    Or Member "or" 2..=2 "The first of two optionals that has a value"
    OrValue Member "orValue" 2..=2 "The value of an optional, or another value"
    ValueOf Member "value" 1..=1 "The value of an optional"

    Lower Global "lower" 1..=1 "Text in lower case, for every alphabet"
    EmailDomain Global "emailDomain" 1..=1 "The registrable domain of an e-mail address"
    EmailKind Global "emailKind" 1..=1 "What kind of e-mail address it is"
    Seniority Global "seniority" 1..=1 "The seniority that a job title tells"
    Department Global "department" 1..=1 "The department that a job title tells"
    DaysSince Global "daysSince" 1..=1 "Whole days from an instant to now"
}

impl Function {
    /// The function of that name: an operator, a global function or a member.
    pub fn find(name: &str, member: bool) -> Option<&'static Signature> {
        FUNCTIONS.iter().find(|known| {
            let fits = match known.style {
                Style::Operator | Style::Global => !member,
                Style::Member => member,
                Style::Either => true,
            };
            fits && known.name == name
        })
    }
}
