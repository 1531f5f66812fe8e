//! Who may do what: rights by role and by scope of a key, and what each path asks for. All of it is here.

use kelvin_store::{Role, Scope};

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Right {
    /// Look at leads, scores, events and what follows from them.
    Read,
    /// Move tasks on, and tell what became of leads.
    Work,
    /// Change what concerns leads, models and messages.
    Arrange,
    /// Users, keys, the audit log, erasing and exporting people.
    Govern,
}

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Nothing: anybody may.
    Nothing,
    /// A write key, which the intake itself looks for: it may stand in the body.
    WriteKey,
    /// To be known.
    Login,
    /// A right.
    Right(Right),
}

use Right::{Arrange, Govern, Read, Work};

/// What each role may do.
pub(crate) const ROLES: [(Role, &[Right]); 4] = [
    (Role::Viewer, &[Read]),
    (Role::Sales, &[Read, Work]),
    (Role::Marketer, &[Read, Work, Arrange]),
    (Role::Admin, &[Read, Work, Arrange, Govern]),
];

/// What each key may do. A key that may send may do nothing else, since it stands in web pages; no other key may send, lest it
/// come to stand there.
pub(crate) const SCOPES: [(Scope, &[Right]); 3] =
    [(Scope::Write, &[]), (Scope::Read, &[Read]), (Scope::Admin, &[Read, Work, Arrange, Govern])];

/// What the service answers, and what each asks for. A path or method that is not here asks for the most there is.
pub(crate) const NEEDS: &[(&str, &str, Need)] = &[
    ("GET", "/healthz", Need::Nothing),
    ("GET", "/readyz", Need::Nothing),
    ("GET", "/kelvin.js", Need::Nothing),
    ("GET", "/api/v1/openapi.json", Need::Nothing),
    ("GET", "/metrics", Need::Right(Read)),
    ("GET", "/api/v1/leads", Need::Right(Read)),
    ("GET", "/api/v1/leads/{id}", Need::Right(Read)),
    ("GET", "/api/v1/leads/{id}/timeline", Need::Right(Read)),
    ("GET", "/api/v1/leads/{id}/curve", Need::Right(Read)),
    ("GET", "/api/v1/leads/{id}/history", Need::Right(Read)),
    ("GET", "/api/v1/accounts", Need::Right(Read)),
    ("GET", "/api/v1/accounts/{id}", Need::Right(Read)),
    ("GET", "/api/v1/events", Need::Right(Read)),
    ("GET", "/api/v1/changes", Need::Right(Read)),
    ("GET", "/api/v1/rejected", Need::Right(Read)),
    ("DELETE", "/api/v1/leads/{id}", Need::Right(Govern)),
    ("GET", "/api/v1/leads/{id}/export", Need::Right(Govern)),
    ("GET", "/api/v1/leads/{id}/outcomes", Need::Right(Read)),
    ("POST", "/api/v1/leads/{id}/merge", Need::Right(Arrange)),
    ("POST", "/api/v1/leads/{id}/split", Need::Right(Arrange)),
    ("GET", "/api/v1/outcomes", Need::Right(Read)),
    ("POST", "/api/v1/outcomes", Need::Right(Work)),
    ("DELETE", "/api/v1/outcomes/{id}", Need::Right(Arrange)),
    ("GET", "/api/v1/voids", Need::Right(Read)),
    ("POST", "/api/v1/voids", Need::Right(Arrange)),
    ("GET", "/api/v1/voids/{void}", Need::Right(Read)),
    ("POST", "/api/v1/voids/{void}/lift", Need::Right(Arrange)),
    ("GET", "/api/v1/hand-offs", Need::Right(Read)),
    ("GET", "/api/v1/alerts", Need::Right(Read)),
    ("GET", "/api/v1/tasks", Need::Right(Read)),
    ("GET", "/api/v1/tasks/{id}", Need::Right(Read)),
    ("POST", "/api/v1/tasks/{id}", Need::Right(Work)),
    ("GET", "/api/v1/outbox", Need::Right(Read)),
    ("POST", "/api/v1/outbox/{id}/replay", Need::Right(Arrange)),
    ("GET", "/api/v1/models", Need::Right(Read)),
    ("POST", "/api/v1/models", Need::Right(Arrange)),
    ("GET", "/api/v1/models/{id}", Need::Right(Read)),
    ("DELETE", "/api/v1/models/{id}", Need::Right(Arrange)),
    ("GET", "/api/v1/models/{id}/versions/{number}", Need::Right(Read)),
    ("POST", "/api/v1/models/{id}/rollback", Need::Right(Arrange)),
    ("POST", "/api/v1/simulations", Need::Right(Arrange)),
    ("GET", "/api/v1/simulations/{number}", Need::Right(Read)),
    ("GET", "/api/v1/simulations/{number}/leads", Need::Right(Read)),
    ("GET", "/api/v1/experiments", Need::Right(Read)),
    ("GET", "/api/v1/experiments/{id}", Need::Right(Read)),
    ("GET", "/api/v1/keys", Need::Right(Govern)),
    ("POST", "/api/v1/keys", Need::Right(Govern)),
    ("DELETE", "/api/v1/keys/{id}", Need::Right(Govern)),
    ("GET", "/api/v1/audit", Need::Right(Govern)),
    ("GET", "/api/v1/me", Need::Login),
    ("POST", "/api/v1/session", Need::Nothing),
    ("DELETE", "/api/v1/session", Need::Login),
    ("GET", "/api/v1/users", Need::Right(Govern)),
    ("GET", "/api/v1/users/{id}", Need::Right(Govern)),
    ("PATCH", "/api/v1/users/{id}", Need::Right(Govern)),
    ("POST", "/api/v1/invitations", Need::Right(Govern)),
    ("GET", "/api/v1/invitations/{token}", Need::Nothing),
    ("POST", "/api/v1/invitations/{token}", Need::Nothing),
];

/// What all paths of the intake begin with.
const INTAKE: &str = "/v1/";

/// What a request asks for, by its method and by its path as the route is written.
pub(crate) fn need(method: &str, path: &str) -> Need {
    if path.starts_with(INTAKE) {
        return Need::WriteKey;
    }
    let method = if method == "HEAD" { "GET" } else { method };
    let listed = NEEDS.iter().find(|(known, route, _)| *known == method && *route == path);
    listed.map_or(Need::Right(Govern), |(_, _, need)| *need)
}

/// Whether the service has a route for a method.
pub(crate) fn is_route(method: &str, path: &str) -> bool {
    NEEDS.iter().any(|(known, route, _)| *known == method && *route == path)
}

impl Right {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::Read, Self::Work, Self::Arrange, Self::Govern];

    /// What it is called in messages and in the documentation.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Work => "work",
            Self::Arrange => "arrange",
            Self::Govern => "govern",
        }
    }
}

/// What a role may do.
pub(crate) fn of_role(role: Role) -> &'static [Right] {
    ROLES.iter().find(|(known, _)| *known == role).map_or(&[], |(_, rights)| rights)
}

/// What a key of a scope may do.
pub(crate) fn of_scope(scope: Scope) -> &'static [Right] {
    SCOPES.iter().find(|(known, _)| *known == scope).map_or(&[], |(_, rights)| rights)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANUAL: &str = include_str!("../../../../docs/operate/access.md");
    const ROUTES: &str = include_str!("../api.rs");

    /// The rows of the table of the manual that begins with a heading, without its two lines of head.
    fn rows(heading: &str) -> Vec<Vec<&'static str>> {
        let table = MANUAL.lines().skip_while(|line| *line != heading).skip(2);
        let cells = |line: &'static str| line.trim_matches('|').split('|').map(str::trim).collect();
        table.take_while(|line| line.starts_with('|')).map(cells).collect()
    }

    fn told(need: Need) -> &'static str {
        match need {
            Need::Nothing => "nothing",
            Need::WriteKey => "write key",
            Need::Login => "login",
            Need::Right(right) => right.name(),
        }
    }

    #[test]
    fn the_manual_tells_what_each_path_asks_for() {
        let expect: Vec<_> = NEEDS
            .iter()
            .map(|(method, path, need)| vec![format!("`{method} {path}`"), told(*need).to_owned()])
            .collect();
        assert_eq!(rows("| request | asks for |"), expect);
    }

    #[test]
    fn the_manual_tells_who_may_do_what() {
        let mark = |rights: &[Right], right| if rights.contains(&right) { "yes" } else { "" };
        let all = |rights: &[Right]| Right::ALL.map(|right| mark(rights, right));
        let mut expect = Vec::new();
        for (role, rights) in ROLES {
            expect.push((format!("user, `{}`", role.name()), all(rights)));
        }
        for (scope, rights) in SCOPES {
            expect.push((format!("key, `{}`", scope.name()), all(rights)));
        }
        let rows = rows("| who | read | work | arrange | govern |");
        let told: Vec<_> =
            rows.iter().map(|row| (row[0].to_owned(), [row[1], row[2], row[3], row[4]])).collect();
        assert_eq!(told, expect);
    }

    #[test]
    fn every_route_is_in_the_table() {
        let mut routes = Vec::new();
        for line in ROUTES.lines().filter_map(|line| line.trim().strip_prefix(".route(\"")) {
            let (path, methods) = line.split_once('"').expect("a path");
            for method in ["get", "post", "patch", "delete", "put"] {
                if methods.contains(&format!("{method}(")) && !path.starts_with(INTAKE) {
                    routes.push((method.to_uppercase(), path.to_owned()));
                }
            }
        }
        let mut listed: Vec<_> =
            NEEDS.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
        routes.sort();
        listed.sort();
        assert_eq!(routes, listed);
    }

    #[test]
    fn what_is_not_in_the_table_asks_for_the_most() {
        assert_eq!(need("GET", "/api/v2/secrets"), Need::Right(Govern));
        assert_eq!(need("PUT", "/api/v1/leads"), Need::Right(Govern));
        assert_eq!(need("HEAD", "/api/v1/leads"), Need::Right(Read));
        assert_eq!(need("OPTIONS", "/v1/track"), Need::WriteKey);
    }
}
