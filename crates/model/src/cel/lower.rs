//! Syntax tree to resolved expression: names become slots and constants, macros and functions are known.

use std::{ops::Range, sync::Arc};

use cel::{
    IdedExpr,
    common::ast::{CallExpr, EntryExpr, Expr as Ast, ListExpr, LiteralValue, MapExpr},
};
use kelvin_kernel::{
    Value,
    expr::{Function, Item, Macro, MacroKind, Node, Root, Style},
    plan::{Field, Usage},
    value::Type,
};

use super::{
    Problem, Read, Scope, check, exclude, names,
    parse::{Tree, too_deep},
    tokens::Tokens,
};

/// How deep the tree may be; the kernel walks it recursively.
const MAX_DEPTH: usize = 128;

/// Lowers a tree whose value is used as `usage`.
pub(super) fn lower(
    text: &str,
    tokens: &Tokens,
    tree: &Tree,
    scope: &mut Scope<'_>,
    usage: Usage,
) -> Result<Node, Vec<Problem>> {
    let mut lowering =
        Lowering { text, tokens, tree, scope, locals: Vec::new(), depth: 0, problems: Vec::new() };
    let node = lowering.node(&tree.root);
    lowering.outcome(&node, usage);
    let mut problems = lowering.problems;
    if problems.is_empty() {
        return Ok(node);
    }
    problems.sort_by_key(|problem| problem.span.start);
    Err(problems)
}

struct Lowering<'a, 's> {
    text: &'a str,
    tokens: &'a Tokens,
    tree: &'a Tree,
    scope: &'a mut Scope<'s>,
    /// The variables of the macros around the node, outermost first.
    locals: Vec<&'a str>,
    depth: usize,
    problems: Vec<Problem>,
}

impl<'a> Lowering<'a, '_> {
    fn node(&mut self, expr: &'a IdedExpr) -> Node {
        if self.depth == MAX_DEPTH {
            let problem = too_deep(self.text);
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
            return Node::Error;
        }
        self.depth += 1;
        let node = match &expr.expr {
            Ast::Literal(literal) => Node::Const(constant(literal)),
            Ast::Ident(name) => self.variable(expr, name),
            Ast::Select(select) => self.select(expr, &select.operand, &select.field, false),
            Ast::Call(call) => self.call(expr, call),
            Ast::List(list) => self.list(list),
            Ast::Map(map) => self.map(map),
            Ast::Struct(_) | Ast::Comprehension(_) | Ast::Unspecified => {
                self.problem("syntax", expr, "this is not part of the language".to_owned(), None)
            }
        };
        self.depth -= 1;
        node
    }

    /// Notes a problem of a part of the expression.
    fn problem(
        &mut self,
        code: &'static str,
        expr: &IdedExpr,
        message: String,
        help: Option<String>,
    ) -> Node {
        let span = self.span(expr);
        self.problem_at(code, span, message, help)
    }

    fn problem_at(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: String,
        help: Option<String>,
    ) -> Node {
        self.problems.push(Problem { code, span, message, help });
        Node::Error
    }

    /// The type of a node, where it is sure and types are checked.
    fn kind(&self, node: &Node) -> Option<Type> {
        check::kind(node).filter(|_| self.scope.checks_types)
    }

    /// Checks that the whole has the type that it is used as.
    fn outcome(&mut self, node: &Node, usage: Usage) {
        let Some(kind) = self.kind(node) else { return };
        let needed = match usage {
            Usage::Bool if kind != Type::Bool => "a condition",
            Usage::Number if !matches!(kind, Type::Int | Type::Uint | Type::Double) => "a number",
            _ => return,
        };
        let message = format!("{needed} is needed: this is {}", check::words(kind));
        self.problem("type-mismatch", &self.tree.root, message, None);
    }

    // Names.

    fn variable(&mut self, expr: &'a IdedExpr, name: &'a str) -> Node {
        let name = name.trim_start_matches('.');
        if let Some(level) = self.locals.iter().rev().position(|local| *local == name) {
            return Node::Local(level);
        }
        if let Some(root) = root_named(name) {
            return self.field(expr, root, Field::WHOLE);
        }
        match name {
            "now" if self.scope.roots.now => Node::Now,
            "now" => {
                self.problem("no-now", expr, "there is no `now` here".to_owned(), Some(NO_NOW.to_owned()))
            }
            "lists" => {
                let lists = self.scope.lists.iter();
                self.scope.facts.mentions.extend(self.scope.lists.keys().cloned());
                Node::Const(Value::map(lists.map(|(name, list)| (name.as_str(), list.clone()))))
            }
            _ => match names::type_named(name) {
                Some(kind) => Node::Const(Value::Type(kind)),
                None => self.unknown(expr, name),
            },
        }
    }

    fn unknown(&mut self, expr: &'a IdedExpr, name: &str) -> Node {
        let roots = self.scope.roots;
        let mut known = names::variables(roots);
        known.extend(&self.locals);
        let help = match names::closest(name, known) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => {
                let root = if roots.event { "event" } else { "lead" };
                format!("text is written in quotes: `\"{name}\"`; a field is written `{root}.{name}`")
            }
        };
        self.problem("unknown-variable", expr, format!("unknown variable `{name}`"), Some(help))
    }

    /// A field of a root, which `expr` names.
    fn field(&mut self, expr: &IdedExpr, root: Root, name: &str) -> Node {
        match self.slot(expr, root, name) {
            Some(slot) => self.read(root, slot, name),
            None => Node::Error,
        }
    }

    /// The value of a field.
    fn read(&mut self, root: Root, slot: usize, name: &str) -> Node {
        self.note(root, name, false);
        Node::Field(root, slot)
    }

    /// Whether a field is there.
    fn presence(&mut self, expr: &IdedExpr, root: Root, name: &str) -> Node {
        self.note(root, name, true);
        self.slot(expr, root, name).map_or(Node::Error, |slot| Node::Present(root, slot))
    }

    fn note(&mut self, root: Root, name: &str, is_test: bool) {
        self.scope.facts.reads.push(Read { field: format!("{}.{name}", root.name()), is_test });
    }

    fn slot(&mut self, expr: &IdedExpr, root: Root, name: &str) -> Option<usize> {
        if self.scope.roots.has(root) {
            return Some(self.scope.schema.root_mut(root).intern(name));
        }
        let help = match root {
            Root::Event | Root::Context => "only rules with `event` look at events",
            Root::Lead => "a standing rule of `accounts` looks at the `account` alone",
            Root::Account => "only the lead's own attributes can be used here",
        };
        let message = format!("there is no `{}` here", root.name());
        self.problem("unknown-variable", expr, message, Some(help.to_owned()));
        None
    }

    /// The root that an expression is, if it is one.
    fn root(&self, expr: &IdedExpr) -> Option<Root> {
        let Ast::Ident(name) = &expr.expr else { return None };
        let name = name.trim_start_matches('.');
        root_named(name).filter(|_| !self.locals.contains(&name))
    }

    fn is_lists(&self, expr: &IdedExpr) -> bool {
        matches!(&expr.expr, Ast::Ident(name) if name == "lists") && !self.locals.contains(&"lists")
    }

    // Fields, keys and positions.

    fn select(&mut self, expr: &'a IdedExpr, of: &'a IdedExpr, key: &str, optional: bool) -> Node {
        if let Some(node) = self.known_key(expr, of, key, optional) {
            return node;
        }
        if let Some(kind) = qualified(expr).and_then(|name| names::type_named(&name)) {
            return Node::Const(Value::Type(kind));
        }
        Node::Select { of: Box::new(self.node(of)), key: key.into(), optional }
    }

    /// A key of a root or of `lists`, which is resolved here and now.
    fn known_key(&mut self, expr: &IdedExpr, of: &IdedExpr, key: &str, optional: bool) -> Option<Node> {
        if let Some(root) = self.root(of).filter(|_| key != Field::WHOLE) {
            let Some(slot) = self.slot(of, root, key) else { return Some(Node::Error) };
            let field = self.read(root, slot, key);
            return Some(match optional {
                false => field,
                true => Node::If(
                    Box::new(self.presence(of, root, key)),
                    Box::new(Node::Call(Function::OptionalOf, vec![field])),
                    Box::new(Node::Call(Function::OptionalNone, Vec::new())),
                ),
            });
        }
        if !self.is_lists(of) || optional {
            return None;
        }
        if let Some(list) = self.scope.lists.get(key) {
            self.scope.facts.mentions.push(key.to_owned());
            return Some(Node::Const(list.clone()));
        }
        let meant = names::closest(key, self.scope.lists.keys().map(String::as_str));
        let help = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("name it under `lists`: `{key}: […]`"),
        };
        Some(self.problem("unknown-list", expr, format!("unknown list `{key}`"), Some(help)))
    }

    fn index(&mut self, expr: &'a IdedExpr, of: &'a IdedExpr, key: &'a IdedExpr, optional: bool) -> Node {
        if let Some(name) = literal_text(key)
            && let Some(node) = self.known_key(expr, of, name, optional)
        {
            return node;
        }
        Node::Index { of: Box::new(self.node(of)), key: Box::new(self.node(key)), optional }
    }

    fn has(&mut self, expr: &'a IdedExpr, args: &'a [IdedExpr]) -> Node {
        let [field] = args else {
            return self.arguments(expr, "has", "`has(lead.x)`", args.len());
        };
        match &field.expr {
            Ast::Select(select) => {
                match self.root(&select.operand).filter(|_| select.field != Field::WHOLE) {
                    Some(root) => self.presence(&select.operand, root, &select.field),
                    None => Node::Has {
                        of: Box::new(self.node(&select.operand)),
                        key: select.field.as_str().into(),
                    },
                }
            }
            _ => {
                let help = "write `has(lead.x)`, or `\"x y\" in lead` for a name with spaces".to_owned();
                self.problem("wrong-arguments", field, "`has` takes a field".to_owned(), Some(help))
            }
        }
    }

    /// `key in of`
    fn contained(&mut self, expr: &'a IdedExpr, key: &'a IdedExpr, of: &'a IdedExpr) -> Node {
        if let (Some(name), Some(root)) = (literal_text(key), self.root(of))
            && name != Field::WHOLE
        {
            return self.presence(of, root, name);
        }
        let args = vec![self.node(key), self.node(of)];
        self.checked(expr, "in", (Function::In, args), &[key, of])
    }

    // Lists and maps.

    fn list(&mut self, list: &'a ListExpr) -> Node {
        let items = list.elements.iter().enumerate().map(|(place, element)| {
            let optional = list.optional_indices.contains(&place);
            Item { value: self.node(element), optional }
        });
        Node::List(items.collect())
    }

    fn map(&mut self, map: &'a MapExpr) -> Node {
        let mut entries = Vec::with_capacity(map.entries.len());
        for entry in &map.entries {
            if let EntryExpr::MapEntry(entry) = &entry.expr {
                let key = self.node(&entry.key);
                entries.push((key, Item { value: self.node(&entry.value), optional: entry.optional }));
            }
        }
        Node::Map(entries)
    }

    // Functions and macros.

    fn call(&mut self, expr: &'a IdedExpr, call: &'a CallExpr) -> Node {
        match (call.func_name.as_str(), call.target.as_deref(), call.args.as_slice()) {
            ("_&&_", None, [a, b]) => self.both(expr, a, b),
            ("_||_", None, [a, b]) => Node::Or(Box::new(self.condition(a)), Box::new(self.condition(b))),
            ("_?_:_", None, [a, b, c]) => {
                Node::If(Box::new(self.condition(a)), Box::new(self.node(b)), Box::new(self.node(c)))
            }
            ("_[_]", None, [of, key]) => self.index(expr, of, key, false),
            ("_[?_]", None, [of, key]) => self.index(expr, of, key, true),
            ("_?._", None, [of, key]) => match literal_text(key) {
                Some(key) => self.select(expr, of, key, true),
                None => self.index(expr, of, key, true),
            },
            ("@in", None, [key, of]) => self.contained(expr, key, of),
            ("has", None, args) => self.has(expr, args),
            (name, Some(target), args) => {
                let space = match &target.expr {
                    Ast::Ident(space) if matches!(space.as_str(), "optional" | "strings") => Some(space),
                    _ => None,
                };
                if let Some(space) = space.filter(|space| !self.locals.contains(&space.as_str())) {
                    return self.function(expr, &format!("{space}.{name}"), None, args);
                }
                match MacroKind::NAMES.iter().find(|(known, _)| *known == name) {
                    Some((_, kind)) => self.expand(expr, name, *kind, target, args),
                    None => self.function(expr, name, Some(target), args),
                }
            }
            (name, None, args) => self.function(expr, name, None, args),
        }
    }

    /// `a && b`
    fn both(&mut self, expr: &'a IdedExpr, a: &'a IdedExpr, b: &'a IdedExpr) -> Node {
        let (a, b) = (self.condition(a), self.condition(b));
        if self.scope.checks_types && exclude::exclude_each_other(&a, &b) {
            self.scope.warnings.push(Problem {
                code: "never-met",
                span: self.span(expr),
                message: "this is never met: its parts exclude each other".to_owned(),
                help: Some("where one of the two is enough, write `||`".to_owned()),
            });
        }
        Node::And(Box::new(a), Box::new(b))
    }

    /// A part that must be true or false.
    fn condition(&mut self, expr: &'a IdedExpr) -> Node {
        let node = self.node(expr);
        if let Some(kind) = self.kind(&node).filter(|kind| *kind != Type::Bool) {
            let message = format!("a condition is needed: this is {}", check::words(kind));
            self.problem("type-mismatch", expr, message, None);
        }
        node
    }

    fn expand(
        &mut self,
        expr: &'a IdedExpr,
        name: &str,
        kind: MacroKind,
        target: &'a IdedExpr,
        args: &'a [IdedExpr],
    ) -> Node {
        let (variable, filter, body) = match args {
            [variable, body] => (variable, None, body),
            [variable, filter, body] if kind == MacroKind::Map => (variable, Some(filter), body),
            _ => return self.arguments(expr, name, &format!("`list.{name}(x, …)`"), args.len()),
        };
        let Ast::Ident(local) = &variable.expr else {
            let help = format!("write `list.{name}(x, …)`");
            let message = format!("`{name}` takes a variable name first");
            return self.problem("wrong-arguments", variable, message, Some(help));
        };
        let range = self.node(target);
        self.locals.push(local);
        let is_condition =
            matches!(kind, MacroKind::All | MacroKind::Exists | MacroKind::ExistsOne | MacroKind::Filter);
        let filter = filter.map(|filter| self.condition(filter));
        let body = if is_condition { self.condition(body) } else { self.node(body) };
        self.locals.pop();
        let wanted: &[Type] = match kind {
            MacroKind::OptMap | MacroKind::OptFlatMap => &[Type::Optional],
            _ => &[Type::List, Type::Map],
        };
        if let Some(found) = self.kind(&range).filter(|found| !wanted.contains(found)) {
            let wanted: Vec<&str> = wanted.iter().map(|kind| check::words(*kind)).collect();
            let message = format!("`{name}` needs {}: this is {}", wanted.join(" or "), check::words(found));
            return self.problem("type-mismatch", target, message, None);
        }
        Node::Macro(Box::new(Macro::new(kind, range, body, filter)))
    }

    fn function(
        &mut self,
        expr: &'a IdedExpr,
        name: &str,
        target: Option<&'a IdedExpr>,
        args: &'a [IdedExpr],
    ) -> Node {
        let args: Vec<&IdedExpr> = target.into_iter().chain(args).collect();
        let Some(signature) = Function::find(name, target.is_some()) else {
            args.iter().for_each(|arg| {
                self.node(arg);
            });
            let help = names::instead_of(name, target.is_some());
            let span = self.name_span(expr, name);
            return self.problem_at("unknown-function", span, format!("unknown function `{name}`"), help);
        };
        if !(signature.min..=signature.max).contains(&args.len()) {
            let written = format!("`{}`", names::written(signature));
            return self.arguments(expr, name, &written, args.len() - usize::from(target.is_some()));
        }
        if signature.function == Function::DaysSince && !self.scope.roots.now {
            let span = self.name_span(expr, name);
            let message = "there is no `now` here, so no `daysSince`".to_owned();
            return self.problem_at("no-now", span, message, Some(NO_NOW.to_owned()));
        }
        let nodes = args.iter().map(|arg| self.node(arg)).collect();
        let name = match signature.style {
            Style::Operator => name.trim_matches('_'),
            _ => name,
        };
        self.checked(expr, name, (signature.function, nodes), &args)
    }

    /// A call, and what is wrong with it.
    fn checked(
        &mut self,
        expr: &IdedExpr,
        name: &str,
        call: (Function, Vec<Node>),
        args: &[&'a IdedExpr],
    ) -> Node {
        let (function, nodes) = call;
        if nodes.iter().any(|node| matches!(node, Node::Error)) {
            return Node::Error;
        }
        let texts: Vec<&str> = args.iter().map(|arg| &self.text[self.span(arg)]).collect();
        if let (Function::In, [Node::Call(called, _), Node::Const(_)]) = (function, nodes.as_slice())
            && let Some(list) = texts.get(1).and_then(|text| text.strip_prefix("lists."))
        {
            self.scope.facts.lists.push((*called, list.trim().to_owned()));
        }
        let call = check::Call { function, name, args: &nodes, texts: &texts };
        let Some(found) = Some(call).filter(|_| self.scope.checks_types).and_then(|call| check::call(&call))
        else {
            return Node::Call(function, nodes);
        };
        let about = found.argument.and_then(|place| args.get(place)).copied().unwrap_or(expr);
        if !found.doubtful {
            return self.problem(found.code, about, found.message, found.help);
        }
        let span = self.span(about);
        self.scope.warnings.push(Problem {
            code: found.code,
            span,
            message: found.message,
            help: found.help,
        });
        Node::Call(function, nodes)
    }

    fn arguments(&mut self, expr: &IdedExpr, name: &str, written: &str, given: usize) -> Node {
        let span = self.name_span(expr, name);
        let message = format!("`{name}` does not take {given} argument{}", if given == 1 { "" } else { "s" });
        self.problem_at("wrong-arguments", span, message, Some(format!("it is written {written}")))
    }

    // Places.

    /// The place of a function's name; the library tells that of the bracket after it.
    fn name_span(&self, expr: &IdedExpr, name: &str) -> Range<usize> {
        let whole = self.span(expr);
        let Some((bracket, _)) = self.tree.places.offset_for(expr.id) else { return whole };
        match self.tokens.before(bracket as usize) {
            Some(token) if name.ends_with(&self.text[token.span.clone()]) => {
                let start = token.span.end.saturating_sub(name.len());
                if self.text.get(start..token.span.end) == Some(name) {
                    start..token.span.end
                } else {
                    token.span.clone()
                }
            }
            _ => whole,
        }
    }

    /// The place of an expression, from its first to its last byte.
    fn span(&self, expr: &IdedExpr) -> Range<usize> {
        let (mut start, mut end) = match self.tree.places.offset_for(expr.id) {
            Some((first, last)) => (first as usize, last as usize + 1),
            None => (0, self.text.len()),
        };
        if let Some(partner) = self.tokens.partner(start) {
            end = partner.span.end;
        }
        let children: Vec<&IdedExpr> = match &expr.expr {
            Ast::Call(call) => {
                if self.text[start..].starts_with('(') && call.target.is_none() {
                    start = self.tokens.before(start).map_or(start, |token| token.span.start);
                }
                call.target.as_deref().into_iter().chain(&call.args).collect()
            }
            Ast::Select(select) => {
                end = self.tokens.after(end).map_or(end, |token| token.span.end);
                vec![&select.operand]
            }
            _ => Vec::new(),
        };
        for child in children {
            let child = self.span(child);
            start = start.min(child.start);
            end = end.max(child.end);
        }
        start..end.min(self.text.len())
    }
}

const NO_NOW: &str = "a rule on events sees things as they were at the event, whatever the time is now";

fn root_named(name: &str) -> Option<Root> {
    Root::ALL.into_iter().find(|root| root.name() == name)
}

fn literal_text(expr: &IdedExpr) -> Option<&str> {
    match &expr.expr {
        Ast::Literal(LiteralValue::String(text)) => Some(text.inner()),
        _ => None,
    }
}

fn constant(literal: &LiteralValue) -> Value {
    match literal {
        LiteralValue::Boolean(value) => Value::Bool(*value.inner()),
        LiteralValue::Bytes(bytes) => Value::Bytes(Arc::from(bytes.inner())),
        LiteralValue::Double(number) => Value::Double(*number.inner()),
        LiteralValue::Int(number) => Value::Int(*number.inner()),
        LiteralValue::Null => Value::Null,
        LiteralValue::String(text) => Value::from(text.inner()),
        LiteralValue::UInt(number) => Value::Uint(*number.inner()),
    }
}

/// The dotted name that an expression spells, if it spells one.
fn qualified(expr: &IdedExpr) -> Option<String> {
    match &expr.expr {
        Ast::Ident(name) => Some(name.clone()),
        Ast::Select(select) => Some(format!("{}.{}", qualified(&select.operand)?, select.field)),
        _ => None,
    }
}
