//! What Swift sources call and which errors they expect, by their syntax: a comment or a string is neither.

use std::collections::BTreeSet;

use tree_sitter::Node;

use crate::syntax;

/// What is called, by full names: `checkOut(draft:shift:)`.
pub(crate) fn calls(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    walk(syntax::tree(source).root_node(), &mut |node| found.extend(called(node, source)));
    found
}

/// The cases of `DutylogError` that a `guard`, an `if` or a `catch` asks for. A `switch` over all of them expects none.
pub(crate) fn expected_errors(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    walk(syntax::tree(source).root_node(), &mut |node| found.extend(expected(node, source)));
    found
}

/// The cases of an enumeration that a source declares.
pub(crate) fn cases(source: &str, name: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    walk(syntax::tree(source).root_node(), &mut |node| {
        let declared = node.child_by_field_name("name").map(|name| text(name, source));
        if node.kind() == "class_declaration" && declared == Some(name) {
            let body = node.child_by_field_name("body");
            found.extend(body.iter().flat_map(|body| children(body)).filter_map(|entry| case(entry, source)));
        }
    });
    found
}

fn called(node: Node<'_>, source: &str) -> Option<String> {
    let [callee, suffix] = (node.kind() == "call_expression").then(|| children(&node))?.try_into().ok()?;
    let name = match callee.child_by_field_name("suffix") {
        Some(suffix) => suffix.child_by_field_name("suffix")?,
        // In an extension, on the object itself.
        None => (callee.kind() == "simple_identifier").then_some(callee)?,
    };
    let arguments = children(&suffix).into_iter().find(|part| part.kind() == "value_arguments")?;
    let labels = children(&arguments).into_iter().filter(|part| part.kind() == "value_argument");
    let label = |argument: Node<'_>| argument.child_by_field_name("name").map(|name| text(name, source));
    Some(full_name(text(name, source), labels.map(|argument| label(argument).unwrap_or("_"))))
}

fn expected(node: Node<'_>, source: &str) -> Option<String> {
    let parent = node.parent()?;
    let asked = match parent.kind() {
        "pattern" => parent.parent()?.kind() == "catch_block",
        kind => matches!(kind, "guard_statement" | "if_statement"),
    };
    // An identifier behind a dot: the grammar wraps everything but patterns.
    let is_case = asked && node.kind() == "simple_identifier" && node.prev_sibling()?.kind() == ".";
    is_case.then(|| text(node, source).to_owned())
}

fn case(entry: Node<'_>, source: &str) -> Option<String> {
    let name = (entry.kind() == "enum_entry").then(|| entry.child_by_field_name("name"))??;
    Some(text(name, source).to_owned())
}

/// A method as Swift tells it from others of the same name.
pub(crate) fn full_name<'a>(name: &str, labels: impl Iterator<Item = &'a str>) -> String {
    let labels: String = labels.map(|label| format!("{}:", label.trim_matches('`'))).collect();
    format!("{name}({labels})")
}

fn walk(node: Node<'_>, visit: &mut impl FnMut(Node<'_>)) {
    visit(node);
    for child in children(&node) {
        walk(child, visit);
    }
}

fn children<'tree>(node: &Node<'tree>) -> Vec<Node<'tree>> {
    node.named_children(&mut node.walk()).collect()
}

fn text<'a>(node: Node<'_>, source: &'a str) -> &'a str {
    &source[node.byte_range()]
}
