//! Whether Swift parses, by a grammar of the language: where no compiler is, and for what is compiled on Apple's systems alone.

use tree_sitter::{Node, Parser, Tree};

/// What does not parse: line and text.
pub(crate) fn mistakes(source: &str) -> Vec<String> {
    let source = known(source);
    let mut found = Vec::new();
    walk(tree(&source).root_node(), &source, &mut found);
    found
}

/// A source as a tree.
pub(crate) fn tree(source: &str) -> Tree {
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_swift::LANGUAGE.into())
        .expect("the grammar is of this library's version");
    parser.parse(source, None).expect("nothing stops it")
}

/// The source without what the grammar does not know.
fn known(source: &str) -> String {
    source.replace("@_documentation(visibility: private)", "").replace("{ () }", "{ }")
}

fn walk(node: Node<'_>, source: &str, found: &mut Vec<String>) {
    if node.is_error() || node.is_missing() {
        let text = &source[node.byte_range()];
        let line = text.lines().next().unwrap_or_default();
        found.push(format!("{}: {line}", node.start_position().row + 1));
        return;
    }
    let mut cursor = node.walk();
    for child in node.children(&mut cursor).filter(Node::has_error) {
        walk(child, source, found);
    }
}
