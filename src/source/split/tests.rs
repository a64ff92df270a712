mod bytes;

use std::fmt::Write;

use super::*;
use crate::source::{Map, Style, Value, What};

fn file(text: &str) -> SourceFile {
    SourceFile::new("-", text.as_bytes().to_vec())
}

/// Every value of a tree with the text it was written as: `a.b[0] = 80 <0x50>`, `^` for what came from a merge.
fn leaves(text: &str) -> String {
    let file = file(text);
    let mut out = String::new();
    let arena = Arena::new();
    for document in documents(0, &file, &arena) {
        match &document.content {
            Content::Tree(node) => list(&file, "", node, &mut out),
            Content::Empty => out.push_str("empty\n"),
            Content::Broken(problem) => _ = writeln!(out, "{}", show(&file, problem)),
        }
        for problem in &document.problems {
            _ = writeln!(out, "{}", show(&file, problem));
        }
        if document.ends_stream {
            out.push_str("kubectl stops\n");
        }
    }
    out
}

/// The text of a span on one line.
fn written(file: &SourceFile, span: Span) -> String {
    let text = &file.text()[span.start as usize..span.end as usize];
    text.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'").replace("\\\\", "\\")
}

fn list(file: &SourceFile, path: &str, node: &Node<'_>, out: &mut String) {
    let source = |span: Span| written(file, span);
    match &node.value {
        Value::List(items) if !items.is_empty() => {
            for (i, item) in items.iter().enumerate() {
                list(file, &format!("{path}[{i}]"), item, out);
            }
        }
        Value::Map(map) if !map.entries.is_empty() => {
            for entry in map.entries {
                let key = source(entry.key_span);
                let written = if key == entry.key { String::new() } else { format!("<{key}>") };
                let merged = if entry.merged { "^" } else { "" };
                list(file, &format!("{path}.{}{written}{merged}", entry.key), &entry.value, out);
            }
        }
        value => {
            let shown = match value {
                Value::Null => "null".into(),
                Value::Bool(value) => value.to_string(),
                Value::Int(number) => number.to_string(),
                Value::Uint(number) => number.to_string(),
                Value::Float(number) => format!("{number:?}"),
                Value::String(text) => format!("{text:?}"),
                Value::List(_) => "[]".into(),
                Value::Map(_) => "{}".into(),
            };
            _ = writeln!(out, "{path} = {shown} <{}>", source(node.span));
        }
    }
}

fn show(file: &SourceFile, problem: &Problem) -> String {
    let place = file.place(problem.span);
    format!("{}:{} <{}> {:?}", place.line, place.column, written(file, problem.span), problem.what)
}

#[track_caller]
fn reads(text: &str, expected: &str) {
    let expected: String = expected.lines().map(str::trim).filter(|line| !line.is_empty()).fold(
        String::new(),
        |mut all, line| {
            _ = writeln!(all, "{line}");
            all
        },
    );
    assert_eq!(leaves(text), expected, "{text}");
}

#[test]
fn every_value_has_the_span_it_was_written_at() {
    reads(
        "a: 0x50 # c\nb:\n- x\n- 'y'\nc: {k: v, q, \"r\": }\nd: |\n  text\n\n  more\n\n# c\ne: >-\n  fold\n  ed\nf:\ng: é\n",
        r#"
        .a = 80 <0x50>
        .b[0] = "x" <x>
        .b[1] = "y" <'y'>
        .c.k = "v" <v>
        .c.q = null <>
        .c.r<"r"> = null <>
        .d = "text\n\nmore\n" <|\n  text\n\n  more>
        .e = "fold ed" <>-\n  fold\n  ed>
        .f = null <>
        .g = "é" <é>
        "#,
    );
    reads(
        "- - |+ # c | d\n\n    x\n  - !!str 80\n- &a\n  k: *a2\n",
        "6:6 <*a2> Syntax(\"an alias (*name) of something that this document does not name (&name) before it\")\nkubectl stops",
    );
    reads(
        "- - |+ # c | d\n\n    x\n  - !!str 80\n-\n- ? k\n  : v\n- [a: b, c:]\n- {port:}\n",
        r#"
        [0][0] = "\nx\n" <|+ # c | d\n\n    x>
        [0][1] = "80" <80>
        [1] = null <>
        [2].k = "v" <v>
        [3][0].a = "b" <b>
        [3][1] = "c:" <c:>
        [4].port: = null <>
        "#,
    );
    reads("a: |", ".a = \"\" <|>");
    reads("a: |\n  x", ".a = \"x\\n\" <|\\n  x>");
    reads("a: |\n  x\n", ".a = \"x\\n\" <|\\n  x>");
    reads("\u{feff}a: b\u{85}c: 'd\u{2028}  e'\n", ".a = \"b\" <b>\n.c = \"d\\u{2028}e\" <'d\\u{2028}  e'>");
    reads("a: b\r\nc: d\r\n---\r\ne: f\r\n", ".a = \"b\" <b>\n.c = \"d\" <d>\n.e = \"f\" <f>");
    reads("a: b\rc: d\r", ".a = \"b\" <b>\n.c = \"d\" <d>");
    reads("# c\n{a: b,\n\tc: d}\n", ".a = \"b\" <b>\n.c = \"d\" <d>");
    reads("yes: 1\n080: 2\n'<<': 3\n", ".true<yes> = 1 <1>\n.80<080> = 2 <2>\n.<<<'<<'> = 3 <3>");
}

#[test]
fn lists_and_maps_span_what_they_hold() {
    let text = "m:\n  a: 1\n  b: [2,\n    3]\nl:\n- x\n-\np: &b\n- - q\no: {}\n";
    let (file, arena) = (file(text), Arena::new());
    let documents = documents(0, &file, &arena);
    let Content::Tree(root) = &documents[0].content else { panic!("{documents:?}") };
    let span = |node: &Node<'_>| &text[node.span.start as usize..node.span.end as usize];
    assert_eq!(span(root), text.trim_end());
    let field = |key| root.as_map().and_then(|map| map.get(key)).map(|node| (span(node), node.style));
    assert_eq!(field("m"), Some(("a: 1\n  b: [2,\n    3]", Style::Block)));
    assert_eq!(field("l"), Some(("- x\n-", Style::Block)));
    assert_eq!(field("p"), Some(("- - q", Style::Block)));
    assert_eq!(field("o"), Some(("{}", Style::Flow)));
}

#[test]
fn aliases_stand_where_they_are_named() {
    reads(
        "a: &a {x: 1, z: [2]}\nb: *a\n*k : 1\n",
        "3:1 <*k> Syntax(\"an alias (*name) of something that this document does not name (&name) before it\")\nkubectl stops",
    );
    reads(
        "a: &a {x: &k w, z: [2]}\nb: *a\n*k : 1\n",
        ".a.x = \"w\" <w>\n.a.z[0] = 2 <2>\n.b.x<*a> = \"w\" <*a>\n.b.z<*a>[0] = 2 <*a>\n.w<*k> = 1 <1>",
    );
    reads(
        "a: &a [*a]\n",
        "1:8 <*a]> Syntax(\"an alias (*name) inside the very value that it names\")\nkubectl stops",
    );
    // The anchor that was written last counts.
    reads("a: &a 1\nb: &a 2\nc: *a\n", ".a = 1 <1>\n.b = 2 <2>\n.c = 2 <*a>");
}

#[test]
fn merges_override_what_stands_before_them() {
    reads(
        "a: &a {x: 1, z: 2}\nb: {x: 3, <<: *a, z: 4}\n",
        ".a.x = 1 <1>\n.a.z = 2 <2>\n.b.x<*a>^ = 1 <*a>\n.b.z = 4 <4>",
    );
    reads(
        "- &a {x: 1}\n- &b {x: 2, v: 2}\n- <<: [*a, *b]\n- <<: {z: 3}\n  w: 4\n",
        "[0].x = 1 <1>\n[1].x = 2 <2>\n[1].v = 2 <2>\n[2].v<*b>^ = 2 <*b>\n[2].x<*a>^ = 1 <*a>\n[3].z^ = 3 <3>\n[3].w = 4 <4>",
    );
    for text in ["<<: 1\n", "<<: [1]\n", "a: &a [{b: c}]\n<<: *a\n"] {
        assert!(leaves(text).contains("a merge (<<) of something that is not a map"), "{text}");
    }
    let text = "a: &a {x: 1}\nb:\n  <<: *a\n";
    let (file, arena) = (file(text), Arena::new());
    let documents = documents(0, &file, &arena);
    let Content::Tree(root) = &documents[0].content else { panic!("{documents:?}") };
    let merges: Option<&Map<'_>> = root.as_map().and_then(|map| map.get("b")).and_then(Node::as_map);
    let raw = merges.map(|map| &map.merges()[0]);
    assert!(raw.is_some_and(|raw| raw.key == "<<" && raw.value.style == Style::Alias && !raw.merged));
}

#[test]
fn equal_keys_are_told_and_the_last_counts() {
    reads(
        "a: 1\nb: 2\na: 3\n'a': 4\n",
        ".b = 2 <2>\n.a<'a'> = 4 <4>\n3:1 <a> DuplicateKey(\"a\")\n4:1 <'a'> DuplicateKey(\"a\")",
    );
    reads("{\"a\": {\"b\": 1, \"b\": 2}}", ".a<\"a\">.b<\"b\"> = 2 <2>\n1:16 <\"b\"> DuplicateKey(\"b\")");
    reads("yes: 1\ntrue: 2\n", ".true = 2 <2>\n2:1 <true> DuplicateKey(\"true\")");
}

#[test]
fn a_stream_is_split_as_kubectl_splits_it() {
    reads("", "");
    reads("---\n---\n# c\n---\n~\n--- # c\na: 1\n---", "empty\nempty\n.a = 1 <1>");
    reads("a: 1\n...\nb: 2\n", ".a = 1 <1>\n3:1 <b: 2> TextAfterEnd");
    reads("a: 1\n...\n# c\n...\n", ".a = 1 <1>");
    reads(" a: 1\nb: 2\n", ".a = 1 <1>\n2:1 <b: 2> TextAfterEnd");
    reads("...\n", "1:1 <...> Syntax(\"the document ends (...) before it begins\")\nkubectl stops");
    reads(
        "a: 1\n---!\nb: 2\n",
        ".a = 1 <1>\nkubectl stops\n2:1 <---!> BadSeparator\nkubectl stops\n.b = 2 <2>",
    );
    reads(
        "a: 1\n--- {b: 2,\n c: 3}\n---\nd: 4\n",
        ".a = 1 <1>\nkubectl stops\n2:1 <--- {b: 2,> BadSeparator\nkubectl stops\n.d = 4 <4>",
    );
    reads("--- b: 1\nc: 2\n", "1:1 <--- b: 1> BadSeparator\nkubectl stops");
    reads("---\ra: 1\r", "1:1 <---> BadSeparator\nkubectl stops\n.a = 1 <1>");
    reads("a: 1\r---\rb: 1\r", ".a = 1 <1>\n2:1 <---> TextAfterEnd");
    reads("\u{feff}---\na: 1\n", ".a = 1 <1>");
    reads("a: 1\n---\n\u{feff}b: 1\n", ".a = 1 <1>\n.b = 1 <1>");
    reads(
        "a: [\n---\nb: 2\n",
        "1:4 <[> Syntax(\"a bracket is opened and never closed\")\nkubectl stops\n.b = 2 <2>",
    );
}

#[test]
fn a_long_file_is_read_as_its_parts_are() {
    let parts = [
        "---\nkind: Pod\nname: n\n",
        "--- # c\na: &a {x: 1}\nb: *a\n",
        "---\na: 1\n--- oops\nb: 2\n",
        "---\na: 1\n--- b: 2\nc: 3\n",
        "---\r\na: b\r\n---\r\n",
        "---\na: |\n  --- b\n  c\n--- # c\n",
        "---\n---\n{\"a\": 1}\n",
        "---\na: [\n",
    ];
    let told = |text: &str| -> Vec<String> {
        let (file, arena) = (file(text), Arena::new());
        let told = documents(0, &file, &arena).into_iter().map(|document| {
            let mut tree = String::new();
            match &document.content {
                Content::Tree(root) => list(&file, "", root, &mut tree),
                Content::Empty => tree.push_str("empty"),
                Content::Broken(problem) => _ = write!(tree, "{:?}", problem.what),
            }
            let (span, plain) = (written(&file, document.span), document.is_plain);
            format!("{span} {tree} {} {} {plain}", document.problems.len(), document.ends_stream)
        });
        told.collect()
    };
    // Parts of all sorts come to stand where a section ends.
    let long: Vec<usize> = (0..16_000).map(|at| (at + at / 97) % parts.len()).collect();
    let text: String = long.iter().map(|&part| parts[part]).collect();
    assert!(sections(&text, 0).len() > 3);
    let by_part = parts.map(told);
    let expected = long.iter().flat_map(|&part| &by_part[part]);
    assert!(told(&text).iter().eq(expected));
}

#[test]
fn json_is_read_strictly_and_value_by_value() {
    reads(
        " {\"a\":[1,-2.5e0,80.0,true,null,\"\\u0061\\n\\ud83d\\ude00\\ud800\"],\"b\":{},\"c\":[]}{\"d\":18446744073709551615}\n",
        "
        .a<\"a\">[0] = 1 <1>
        .a<\"a\">[1] = -2.5 <-2.5e0>
        .a<\"a\">[2] = 80 <80.0>
        .a<\"a\">[3] = true <true>
        .a<\"a\">[4] = null <null>
        .a<\"a\">[5] = \"a\\n😀\u{fffd}\" <\"\\u0061\\n\\ud83d\\ude00\\ud800\">
        .b<\"b\"> = {} <{}>
        .c<\"c\"> = [] <[]>
        .d<\"d\"> = 18446744073709551615 <18446744073709551615>
        ",
    );
    reads(
        "{\"a\":1}\n---\n{\"b\":2}\n{\"c\":3}\n---\nd: 4\n",
        ".a<\"a\"> = 1 <1>\n.b<\"b\"> = 2 <2>\n.c<\"c\"> = 3 <3>\n.d = 4 <4>",
    );
    for (text, place) in [
        ("{\"a\":1,}", "1:8 <}> Syntax(\"a comma is left over before this bracket\")"),
        ("{\"a\":[1,]}", "1:9 <]> Syntax(\"a comma is left over before this bracket\")"),
        ("{\"a\":[1}", "1:8 <}> Syntax(\"a comma or a closing bracket is missing before this\")"),
        ("{\n\"a\":[1\n", "2:5 <[> Syntax(\"a bracket is opened and never closed\")"),
        ("{\"a\"\n1}", "2:1 <1> Syntax(\"a colon is missing after a key\")"),
        ("{\"a\":01}", "1:6 <0> Syntax(\"a number that JSON does not know\")"),
        (
            "{\"a\":\"\\x\"}",
            "1:7 <\\> Syntax(\"a backslash with something after it that JSON does not know\")",
        ),
        ("{\"a\":\"b\n\"}", "1:6 <\"> Syntax(\"a quote is opened and never closed\")"),
        ("{\"a\":1e999}", "1:6 <1> Syntax(\"a number too large to be read\")"),
        (
            "{\"a\":tru}",
            "1:6 <t> Syntax(\"a value was expected here, and text needs double quotes in JSON\")",
        ),
    ] {
        assert_eq!(leaves(text), format!("{place}\nkubectl stops\n"), "{text}");
    }
    // A broken value hides neither its neighbours.
    assert_eq!(
        leaves("{\"a\":1}\n{\"b\":}\n{\"c\":3}\n"),
        ".a<\"a\"> = 1 <1>\n2:6 <}> Syntax(\"a comma is left over before this bracket\")\nkubectl stops\n.c<\"c\"> = 3 <3>\n"
    );
    assert!(leaves("{a: 1}").contains("a key without double quotes"));
}

#[test]
fn syntax_problems_stand_where_the_fault_is() {
    for (text, place) in [
        ("a: 1\nb: \tc\n\td: 1\n", "3:1 <\\t> Syntax(\"a tab in the indentation"),
        ("a:\n\tb: 1\n", "2:1 <\\t>"),
        ("a:\n-\tb\n", "2:2 <\\t> Syntax(\"a tab in the indentation"),
        ("a: x\n\tb: c\n", "2:1"),
        ("a: 1\nb: x: y\n", "2:5 <:> Syntax(\"a colon makes a key here"),
        ("a:\n  b: 1\n c: 2\n", "3:2 <c:> Syntax(\"a key was expected"),
        ("- a\nb: c\n", "2:1 <b:> Syntax(\"another list item"),
        ("a: \"x\nb: y\n", "1:4 <\"x> Syntax(\"a quote is opened"),
        ("a: 'b' c\n", "1:8 <c> Syntax(\"text after a closing quote"),
        ("a: \"b\n  c \\q\"\n", "2:5 <\\q\"> Syntax(\"a backslash"),
        ("a: @b\n", "1:4 <@b> Syntax(\"no value begins"),
        ("a: {b: http://x/?y}\n", "1:17 <?y}> Syntax(\"a question mark"),
        ("a: {b:[1]}\n", "1:6 <:[1]}> Syntax(\"a blank is missing"),
        ("a: {b\n : c}\n", "1:5 <b> Syntax(\"a key in braces"),
        (": x\n", "1:1 <:> Syntax(\"a key is missing"),
        ("~: x\n", "1:1 <~:> Syntax(\"a key is missing"),
        ("? [a]\n: b\n", "1:3 <[a]> Syntax(\"a list or map stands where a key"),
        ("a: .nan\n", "1:4 <.nan> Syntax(\"infinity"),
        ("a: !!int x\n", "1:10 <x> Syntax(\"the value is not of the type"),
        ("%YAML 1.1\n", "1:1 <%YAML> Syntax(\"a directive"),
        ("a: \u{7}\n", "1:4 <\\u{7}> Syntax(\"a control character"),
        ("a: b\nc: \u{9f}\n", "2:4 <\\u{9f}> Syntax(\"a control character"),
    ] {
        let shown = leaves(text);
        assert!(shown.starts_with(place), "{text:?}\n{shown}\n{place}");
    }
    for text in [
        "a: b\t# c\n",
        "a:\tb\n",
        "a: {\n  b: c,\n\n   d: e}\n",
        "a: b\n  \t\nc: d\n",
        "a: 'x\n\ty'\n",
        "a: |\n  x\n  \ty\n",
    ] {
        assert!(!leaves(text).contains("Syntax"), "{text:?}\n{}", leaves(text));
    }
    let key = "k".repeat(1025);
    assert!(leaves(&format!("a: {{{key}: 1}}")).contains("more than 1,024"));
    assert!(!leaves(&format!("a: {{{}: 1}}", &key[1..])).contains("Syntax"));
}

#[test]
fn depth_and_aliases_are_bounded_on_small_stacks() {
    let many = |text: &str, count| text.repeat(count);
    let laughs: String = (1..30).fold("a0: &a0 [x]\n".into(), |text, i| {
        format!("{text}a{i}: &a{i} [*a{0}, *a{0}, *a{0}, *a{0}, *a{0}, *a{0}, *a{0}, *a{0}]\n", i - 1)
    });
    let texts = [
        many("[", 100_000),
        many("{a: ", 100_000),
        many("- ", 100_000),
        format!("{}\"a\":1", many("{\"a\":", 100_000)),
        format!("{}1{}", many("{\"a\":", 499), many("}", 499)),
        format!("a: {}1{}", many("[", 499), many("]", 499)),
        (0..700).map(|i| " ".repeat(i) + "a:\n").collect(),
        laughs,
        format!("a: &a {}1{}\nb: {}*a{}\n", many("[", 400), many("]", 400), many("[", 400), many("]", 400)),
        format!("{}1{}", many("&a [", 400), many("]", 400)),
        format!("a: &a {}1{}\nb: *a\nc: {{<<: *a}}\n", many("{x: ", 490), many("}", 490)),
        format!("{}x: 1{}", many("{<<: ", 400), many("}", 400)),
        many("? ", 100_000),
        many("{? ", 100_000),
        many("!a ", 100_000),
    ];
    for text in texts {
        let start = text[..text.len().min(60)].to_owned();
        let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
            let (file, arena) = (file(&text), Arena::new());
            let documents = documents(0, &file, &arena);
            let trees = documents.iter().filter_map(|document| match &document.content {
                Content::Tree(node) => Some(node),
                _ => None,
            });
            let other = Arena::new();
            trees.for_each(|node| assert_eq!(node.copied(other.here()), *node));
        });
        assert!(thread.is_ok_and(|thread| thread.join().is_ok()), "{start}");
    }
    assert!(leaves(&many("[", 100_000)).contains("nest deeper than 500 levels"));
    assert!(leaves(&format!("a: {}1{}", many("[", 499), many("]", 499))).contains(" = 1 <1>"));
}
