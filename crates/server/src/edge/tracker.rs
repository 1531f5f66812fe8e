//! `GET /kelvin.js`: the tracker for web sites, as it stands in its file.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    io::Write,
    sync::LazyLock,
};

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};

const SCRIPT: &str = include_str!("tracker/kelvin.js");

/// Browsers ask again after an hour, and are told in a word when nothing has changed.
const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
    (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600, stale-while-revalidate=86400")),
    (header::VARY, HeaderValue::from_static("accept-encoding")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
];

/// The script as it goes over the wire.
struct Packed {
    gzip: Option<Bytes>,
    tag: String,
}

static PACKED: LazyLock<Packed> = LazyLock::new(|| Packed { gzip: gzip(SCRIPT.as_bytes()), tag: tag() });

/// The script, packed where the browser takes it so; only a word where it has it already.
pub(crate) async fn script(headers: HeaderMap) -> Response {
    let has = |name, wanted: &str| {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|value| value.trim() == wanted)
    };
    let Packed { gzip, tag } = &*PACKED;
    let tagged = [(header::ETAG, tag.clone())];
    if has(header::IF_NONE_MATCH, tag) {
        return (StatusCode::NOT_MODIFIED, HEADERS, tagged).into_response();
    }
    match gzip.as_ref().filter(|_| has(header::ACCEPT_ENCODING, "gzip")) {
        Some(packed) => {
            (HEADERS, tagged, [(header::CONTENT_ENCODING, "gzip")], packed.clone()).into_response()
        }
        None => (HEADERS, tagged, SCRIPT).into_response(),
    }
}

fn gzip(bytes: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    Some(encoder.finish().ok()?.into())
}

/// Tells one version from another. Weak: the packed script is the same script.
fn tag() -> String {
    let mut hasher = DefaultHasher::new();
    SCRIPT.hash(&mut hasher);
    format!("W/\"{:x}\"", hasher.finish())
}
