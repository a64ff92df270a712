//! What is no UTF-8, or no manifest at all.

use super::*;

#[test]
fn bytes_that_are_no_text_are_told_and_replaced() {
    let file = SourceFile::new("-", b"a: 1\n---\nb: \xff\n---\nc: 3\n".to_vec());
    let arena = Arena::new();
    let documents = documents(0, &file, &arena);
    assert!(documents.iter().all(|document| matches!(document.content, Content::Tree(_))), "{documents:?}");
    let problems: Vec<_> = documents.iter().flat_map(|document| &document.problems).collect();
    let [Problem { what: What::NotUtf8, span }] = problems[..] else { panic!("{problems:?}") };
    assert_eq!((written(&file, *span).as_str(), file.place(*span).line), ("\u{fffd}", 3));
    for bytes in [&b"\x7fELF\0\0\0\0\0\0\0\0\0\0\xff\n---\nx"[..], b"a\0:\0 \0b\0\n\0", &[0; 100]] {
        let file = SourceFile::new("-", bytes.to_vec());
        let documents = super::documents(0, &file, &arena);
        assert_eq!(documents.len(), 1, "{documents:?}");
        assert!(matches!(documents[0].content, Content::Broken(_)), "{documents:?}");
    }
}

#[test]
fn utf_16_is_read_by_its_mark() {
    let units = || "\u{feff}a: b\r\n\u{e9}: \u{1f600}\n".encode_utf16();
    let little = units().flat_map(u16::to_le_bytes).collect();
    let big = units().flat_map(u16::to_be_bytes).collect();
    let cut = units().flat_map(u16::to_le_bytes).chain(*b"x").collect::<Vec<u8>>();
    for (bytes, expected) in [
        (little, "a: b\r\n\u{e9}: \u{1f600}\n"),
        (big, "a: b\r\n\u{e9}: \u{1f600}\n"),
        (cut, "a: b\r\n\u{e9}: \u{1f600}\n\u{fffd}"),
    ] {
        let file = SourceFile::new("-", bytes);
        assert_eq!(file.text(), expected);
        assert!(!file.is_as_given());
    }
}

#[test]
fn what_is_no_manifest_is_recognized() {
    for (text, expected) in [
        ("metadata:\n  name: {{ .Values.name }}\n", "2:9 <{{ .Values.name }}> Template"),
        ("a: 1\n{{- if .x }}\nb: 2\n{{- end }}\n", "2:1 <{{- if .x }}> Template"),
        ("{{- if .x }}\na: 1\n", "1:1 <{{- if .x }}> Template"),
        ("a: \"{{ .x | default \"y\" }}\"\n", "1:5 <{{ .x | default \"y\" }}> Template"),
        ("a: |\n  {{ x }}\n# {{ y }}\nb: c: d\n", "4:5 <:> Syntax"),
        ("a: '{{ x }}'\nb: c: d\n", "2:5 <:> Syntax"),
        ("NAME   READY   STATUS\nweb-0  1/1     Running\n", "1:1 <NAME   READY   STATUS> KubectlOutput"),
        (
            "$ kubectl get svc\nNAME  TYPE  CLUSTER-IP  PORT(S)\nweb: x  y: z\n",
            "2:1 <NAME  TYPE  CLUSTER-IP  PORT(S)> KubectlOutput",
        ),
        (
            "No resources found in default namespace.\n",
            "1:1 <No resources found in default namespace.> KubectlOutput",
        ),
        (
            "Name:         web\nNamespace:    default\nLabels:       <none>\n",
            "1:1 <Name:         web> KubectlOutput",
        ),
        (
            "Name: web\nNamespace: default\nPort: http  80/TCP\nEvents:\n  Type  Reason\n  a: b: c\n",
            "1:1 <Name: web> KubectlOutput",
        ),
        (
            "apiVersion: v1 kind: Service metadata: name: x\n",
            "1:1 <apiVersion: v1 kind: Service metadata: name: x> LostLineEnds",
        ),
        (
            "apiVersion: v1kind: Servicemetadata:  name: x",
            "1:1 <apiVersion: v1kind: Servicemetadata:  name: x> LostLineEnds",
        ),
        (
            "# mineapiVersion: v1kind: Servicemetadata:  name: x",
            "1:1 <# mineapiVersion: v1kind: Servicemetadata:  name: x> LostLineEnds",
        ),
        (
            "---apiVersion: v1kind: Servicemetadata:  name: x",
            "1:1 <---apiVersion: v1kind: Servicemetadata:  name: x> LostLineEnds",
        ),
    ] {
        let shown = leaves(text);
        assert!(shown.starts_with(expected), "{text:?}\n{shown}\n{expected}");
    }
    assert_eq!(leaves("hello\n"), " = \"hello\" <hello>\n");
    assert_eq!(leaves("# apiVersion: v1\n# kind: Service\n"), "empty\n");
}
