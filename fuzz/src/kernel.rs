//! Targets of the kernel: texts of instants, durations and addresses; bytes of values.

use kelvin_kernel::{
    Duration, Instant, Value,
    fields::{EmailKind, email_domain, email_kind},
};

use crate::text;

/// Text of an instant or a duration; what can be read prints as a text that reads the same.
pub(crate) fn time(data: &[u8]) {
    text(data, |text| {
        if let Ok(at) = Instant::parse(text) {
            assert_eq!(Instant::parse(&at.to_string()), Ok(at), "{text:?}");
        }
        if let Ok(length) = text.parse::<Duration>() {
            assert_eq!(length.to_string().parse(), Ok(length), "{text:?}");
        }
    });
}

/// An e-mail address; only what is none has no domain, and a domain is its own domain.
pub(crate) fn email(data: &[u8]) {
    text(data, |text| {
        let domain = email_domain(text);
        assert_eq!(domain.is_none(), email_kind(text) == EmailKind::Invalid, "{text:?}");
        if let Some(domain) = domain {
            assert_eq!(email_domain(&format!("a@{domain}")).as_deref(), Some(&*domain), "{text:?}");
        }
    });
}

/// Bytes of a value; what can be decoded encodes to bytes that decode and encode the same.
pub(crate) fn value(data: &[u8]) {
    let Ok(value) = Value::decode(&mut &*data) else { return };
    let mut once = Vec::new();
    value.encode(&mut once);
    let again = Value::decode(&mut &*once).map(|value| {
        let mut twice = Vec::new();
        value.encode(&mut twice);
        twice
    });
    assert_eq!(again, Ok(once), "{value:?}");
}
