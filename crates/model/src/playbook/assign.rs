//! Names of owners and targets, and to whom leads go.

use super::{
    forms,
    plan::{Assign, Assignee, OwnerId, Recipient, TargetId},
    read::{Reader, one_or_more},
};
use crate::{
    diagnostics::{self, Diagnostic},
    read::field,
    span::Spanned,
    syntax::Node,
    tree::Sees,
};

/// Stands for the owner of the lead's account.
const ACCOUNT_OWNER: &str = "account_owner";

impl Reader<'_> {
    /// The steps under `assign`.
    pub(super) fn assignment(&mut self, map: &Node) -> Option<Vec<Assign>> {
        let node = map.get("assign")?;
        let steps: Vec<Option<Assign>> = one_or_more(node).iter().map(|step| self.step(step)).collect();
        if steps.is_empty() {
            self.diagnostics.push(diagnostics::nobody("assign", node.span));
        }
        steps.into_iter().collect()
    }

    fn step(&mut self, node: &Node) -> Option<Assign> {
        if node.scalar().is_some() {
            return Some(Assign { condition: None, to: self.assignee(node)? });
        }
        let condition = self.condition(node, Sees::Lead);
        let to = match (node.get("to"), node.get("round_robin")) {
            (Some(to), _) => self.assignee(to),
            (None, Some(several)) => self.round_robin(several),
            (None, None) => None,
        };
        Some(Assign { condition: condition?, to: to? })
    }

    fn assignee(&mut self, node: &Node) -> Option<Assignee> {
        let name = field::name(node)?;
        if name.value == ACCOUNT_OWNER {
            self.asks_for_account_owner = true;
            return Some(Assignee::AccountOwner);
        }
        self.known_owner(&name, true).map(Assignee::Owner)
    }

    fn round_robin(&mut self, node: &Node) -> Option<Assignee> {
        let names: Vec<Spanned<String>> = node.items()?.iter().filter_map(field::name).collect();
        if node.items().is_some_and(<[Node]>::is_empty) {
            self.diagnostics.push(diagnostics::nobody("round_robin", node.span));
        }
        for (place, name) in names.iter().enumerate() {
            if let Some(first) = names[..place].iter().find(|first| first.value == name.value) {
                let twice = Diagnostic::error(
                    "duplicate-id",
                    format!("`{}` stands here twice", name.value),
                    name.span,
                );
                let twice = twice.label("again here").and(first.span, "first here");
                self.diagnostics.push(twice.help("an owner with a larger share has a `weight`"));
            }
        }
        let owners: Vec<Option<OwnerId>> = names.iter().map(|name| self.known_owner(name, false)).collect();
        owners.into_iter().collect::<Option<_>>().map(Assignee::RoundRobin)
    }

    fn known_owner(&mut self, name: &Spanned<String>, or_account_owner: bool) -> Option<OwnerId> {
        let place = self.owners.iter().position(|(known, _)| known.value == name.value);
        match place {
            Some(place) => self.owners[place].1 = true,
            None => {
                let account_owner = or_account_owner.then_some(ACCOUNT_OWNER);
                let known = self.owners.iter().map(|(name, _)| name.value.as_str()).chain(account_owner);
                let known: Vec<&str> = known.collect();
                let help = forms::meant(&name.value, "owner", known.into_iter());
                self.diagnostics.push(diagnostics::unknown_owner(&name.value, help, name.span));
            }
        }
        place.map(OwnerId)
    }

    /// Who is told, under a key: nobody where it is absent; `None` where a name is not known.
    pub(super) fn recipients(&mut self, map: &Node, key: &str) -> Option<Vec<Recipient>> {
        let Some(node) = map.get(key) else { return Some(Vec::new()) };
        let nodes = one_or_more(node);
        if nodes.is_empty() {
            self.diagnostics.push(diagnostics::nobody(key, node.span));
        }
        let found: Vec<Option<Recipient>> = nodes.iter().map(|node| self.recipient(node)).collect();
        found.into_iter().collect()
    }

    fn recipient(&mut self, node: &Node) -> Option<Recipient> {
        let name = field::name(node)?;
        if name.value == "owner" {
            if self.owners.is_empty() {
                let problem = Diagnostic::error("unknown-owner", "`owner` is nobody", name.span);
                self.diagnostics.push(problem.help("the playbook has no `owners`"));
            }
            return Some(Recipient::Owner);
        }
        let place = self.targets.iter().position(|(known, _)| known.value == name.value);
        match place {
            Some(place) => self.targets[place].1 = true,
            None => {
                let known = self.targets.iter().map(|(name, _)| name.value.as_str()).chain(["owner"]);
                let known: Vec<&str> = known.collect();
                let is_owner = self.owners.iter().any(|(owner, _)| owner.value == name.value);
                let help = if is_owner {
                    format!("`{}` is an owner: `owner` stands for the one that the lead has", name.value)
                } else {
                    forms::meant(&name.value, "target", known.into_iter())
                };
                self.diagnostics.push(diagnostics::unknown_target(&name.value, help, name.span));
            }
        }
        place.map(|place| Recipient::Target(TargetId(place)))
    }
}
