//! The codes of problems, each with the one status that it comes with.

/// Statuses and codes.
pub(super) const CODES: &[(u16, &str)] = &[
    (400, "all-rejected"),
    (400, "bad-condition"),
    (400, "bad-cursor"),
    (400, "bad-email"),
    (400, "bad-gzip"),
    (400, "bad-host"),
    (400, "bad-id"),
    (400, "bad-idempotency-key"),
    (400, "bad-json"),
    (400, "bad-limit"),
    (400, "bad-model"),
    (400, "bad-outcome"),
    (400, "bad-password"),
    (400, "bad-path"),
    (400, "bad-query"),
    (400, "bad-request"),
    (400, "bad-state"),
    (400, "bad-time"),
    (400, "broken-body"),
    (400, "missing-event"),
    (400, "missing-user"),
    (400, "model-required"),
    (400, "name-required"),
    (400, "no-batch"),
    (400, "no-object"),
    (400, "not-of-this-lead"),
    (400, "reason-required"),
    (400, "too-deep"),
    (400, "unknown-encoding"),
    (400, "unknown-role"),
    (400, "unknown-scope"),
    (400, "unknown-state"),
    (400, "unknown-tier"),
    (400, "unknown-type"),
    (401, "not-logged-in"),
    (401, "wrong-key"),
    (401, "wrong-login"),
    (401, "wrong-write-key"),
    (403, "not-a-user"),
    (403, "not-allowed"),
    (403, "origin-not-allowed"),
    (403, "other-host"),
    (403, "other-site"),
    (404, "no-accounts"),
    (404, "no-model"),
    (404, "no-such-outcome"),
    (404, "no-such-path"),
    (404, "unknown-account"),
    (404, "unknown-event"),
    (404, "unknown-experiment"),
    (404, "unknown-invitation"),
    (404, "unknown-key"),
    (404, "unknown-lead"),
    (404, "unknown-message"),
    (404, "unknown-model"),
    (404, "unknown-simulation"),
    (404, "unknown-task"),
    (404, "unknown-user"),
    (404, "unknown-version"),
    (404, "unknown-void"),
    (405, "method-not-allowed"),
    (408, "too-slow"),
    (409, "answer-not-kept"),
    (409, "failed"),
    (409, "illegal-move"),
    (409, "known-user"),
    (409, "last-admin"),
    (409, "no-earlier-version"),
    (409, "not-dead"),
    (409, "outcome-unknown"),
    (409, "running"),
    (409, "under-way"),
    (412, "changed-meanwhile"),
    (413, "event-too-large"),
    (413, "request-too-large"),
    (413, "too-many-events"),
    (415, "json-required"),
    (422, "idempotency-key-used"),
    (429, "busy"),
    (429, "too-many-logins"),
    (429, "too-many-streams"),
    (503, "not-ready"),
    (503, "standby"),
    (503, "store-failed"),
];

/// The status that a code comes with; one that is not in the table is a bug that every test of the document meets.
pub(super) fn status(code: &str) -> u16 {
    CODES.iter().find(|(_, known)| *known == code).map_or(0, |(status, _)| *status)
}

/// What a status means, in a few words.
pub(super) fn meaning(status: u16) -> &'static str {
    match status {
        400 => "Nothing of the request can be used.",
        401 => "Who asks is not known.",
        403 => "Who asks may not.",
        404 => "There is no such thing.",
        408 => "The request did not arrive in time.",
        409 => "As things stand, it cannot be done.",
        412 => "It has changed since the client looked.",
        413 => "The request is too large.",
        415 => "The body is of another type.",
        422 => "It is not what was asked for before.",
        429 => "More comes than can be kept: wait.",
        503 => "It cannot be done now: wait.",
        _ => "It cannot be done.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_in_their_order_and_once() {
        let mut sorted = CODES.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(CODES, sorted);
    }
}
