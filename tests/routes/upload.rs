use crate::archives::gzip;
use crate::*;

const SERVICE: &str = "kind: Service\nspec: {a: b=c&d}\n";
const ARRIVED: &str = "-: kind: Service\\nspec: {a: b=c&d}";

#[tokio::test]
async fn a_raw_body_is_the_file_without_a_name() {
    for kind in [
        "application/yaml",
        "application/yaml; charset=utf-8",
        "Application/YAML",
        "application/x-yaml",
        "text/yaml",
        "text/x-yaml",
        "text/plain",
        "application/json",
        "application/octet-stream",
        // What curl -d and --data-binary say of any body.
        "application/x-www-form-urlencoded",
    ] {
        let answer = ask(sending(kind, SERVICE)).await;
        assert_eq!(answer.text(), ARRIVED, "{kind}");
    }
    let untyped = Request::post("/files").body(Body::from(SERVICE)).unwrap();
    assert_eq!(ask(untyped).await.text(), ARRIVED);
}

#[tokio::test]
async fn an_html_form_is_told_from_what_curl_sends() {
    let kind = "application/x-www-form-urlencoded";
    for (body, arrived) in [
        ("text=kind%3A+Service%0D%0Aa%3A+b&share=on", "-: kind: Service\\na: b\nfield share: on"),
        ("expires=1h&text=a%3Db", "-: a=b\nfield expires: 1h"),
        ("kind: Service", "-: kind: Service"),
        ("apiVersion: v1kind: Servicedata: a=b", "-: apiVersion: v1kind: Servicedata: a=b"),
        ("{\"kind\":\"Service\",\"a\":\"b=c\"}", "-: {\\\"kind\\\":\\\"Service\\\",\\\"a\\\":\\\"b=c\\\"}"),
        ("text=a manifest it is not, nor a form", "-: text=a manifest it is not, nor a form"),
    ] {
        assert_eq!(ask(sending(kind, body)).await.text(), arrived, "{body}");
    }
}

#[tokio::test]
async fn the_files_of_a_form_keep_their_names() {
    let answer = ask(form(&[
        ("shop/web.yaml", "a"),
        ("shop/db.yml", "b"),
        ("../../x.json", "c"),
        ("shop/web.yaml", "d"),
        ("README.md", "e"),
        ("field at", "node:30080"),
        ("field text", "f\r\ng\r\n"),
    ]))
    .await;
    assert_eq!(
        answer.text(),
        "-: f\\ng\nshop/web.yaml: a\nshop/db.yml: b\nx.json: c\nshop/web (2).yaml: d\n\
         skipped README.md: not .yaml, .yml or .json\nfield at: node:30080"
    );
}

#[tokio::test]
async fn a_file_alone_is_read_whatever_it_is_called() {
    assert_eq!(ask(form(&[("notes.txt", "a"), ("field text", "")])).await.text(), "notes.txt: a");
    // A browser's file input that was left alone.
    assert_eq!(ask(form(&[("", ""), ("field text", "a")])).await.text(), "-: a");
}

#[tokio::test]
async fn a_large_file_of_a_form_is_whole() {
    let large = "a".repeat(5 << 20);
    let answer = ask(form(&[("a.yaml", &large)])).await;
    assert_eq!(answer.body.len(), "a.yaml: ".len() + large.len());
}

#[tokio::test]
async fn nothing_is_answered_with_what_to_send() {
    for request in [
        sending("application/yaml", ""),
        sending("application/yaml", " \n\n"),
        sending("application/x-www-form-urlencoded", "text="),
        sending("application/gzip", ""),
        Request::post("/files").body(Body::empty()).unwrap(),
        form(&[("field text", " ")]),
        form(&[("a.yaml", ""), ("b.yaml", "\n")]),
        form(&[]),
    ] {
        let (status, detail) = ask(request).await.problem();
        assert_eq!(status, 422);
        assert!(detail.contains("curl --data-binary @service.yaml"), "{detail}");
    }
    let (status, detail) = ask(form(&[("a.png", "x"), ("b.png", "y")])).await.problem();
    assert_eq!(
        (status, detail.as_str()),
        (422, "none of the 2 files of the upload is a manifest: manifests end in .yaml, .yml or .json")
    );
}

#[tokio::test]
async fn other_types_are_refused_with_those_that_are_read() {
    let (status, detail) = ask(sending("image/png", "x")).await.problem();
    assert_eq!(status, 415);
    assert!(
        detail.contains("image/png")
            && detail.contains("application/yaml")
            && detail.contains("application/zip")
    );
}

#[tokio::test]
async fn a_body_may_be_packed_with_gzip_and_with_nothing_else() {
    let encoded = |kind: &str, coding: &str, body: Vec<u8>| {
        let mut request = sending(kind, body);
        request.headers_mut().insert("content-encoding", coding.parse().unwrap());
        ask(request)
    };
    let manifest = b"a: b\n".to_vec();
    assert_eq!(encoded("text/yaml", "identity", manifest.clone()).await.status, 200);
    for coding in ["gzip", "x-gzip", "GZIP"] {
        let answer = encoded("text/yaml", coding, gzip(&manifest)).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (200, "-: a: b"), "{coding}");
        let (status, detail) = encoded("text/yaml", coding, manifest.clone()).await.problem();
        assert!(status == 422 && detail.starts_with("Content-Encoding says gzip, but"), "{coding}: {detail}");
    }
    for kind in ["application/x-www-form-urlencoded", "application/gzip", "application/x-tar"] {
        assert_eq!(encoded(kind, "gzip", gzip(&manifest)).await.text(), "-: a: b", "{kind}");
    }
    for (kind, coding) in [
        ("text/yaml", "br"),
        ("text/yaml", "gzip, gzip"),
        ("multipart/form-data", "gzip"),
        ("application/zip", "gzip"),
    ] {
        let answer = encoded(kind, coding, gzip(&manifest)).await;
        let (status, detail) = answer.problem();
        assert!(status == 415 && detail.contains(&format!("\"{coding}\"")), "{detail}");
        assert_eq!(answer.header("accept-encoding"), "gzip");
    }
}

#[tokio::test]
async fn a_packed_form_is_told_from_what_curl_sends() {
    let kind = "application/x-www-form-urlencoded";
    for (kind, body, arrived) in [
        (kind, "text=apiVersion%3A+v1&expires=1h", "-: apiVersion: v1\nfield expires: 1h"),
        (kind, "apiVersion: v1", "-: apiVersion: v1"),
        (kind, "text=a manifest it is not, nor a form", "-: text=a manifest it is not, nor a form"),
        ("text/yaml", "text=a", "-: text=a"),
    ] {
        let mut request = sending(kind, gzip(body.as_bytes()));
        request.headers_mut().insert("content-encoding", "gzip".parse().unwrap());
        assert_eq!(ask(request).await.text(), arrived, "{body}");
    }
    let mut empty = sending(kind, gzip(b"text="));
    empty.headers_mut().insert("content-encoding", "gzip".parse().unwrap());
    let (status, detail) = ask(empty).await.problem();
    assert!(status == 422 && detail.contains("the form has no text and no file"), "{detail}");
}

#[tokio::test]
async fn a_broken_form_is_said_to_be_broken() {
    for request in [
        sending("multipart/form-data", "x"),
        sending("multipart/form-data; boundary=other", "--edge\r\n\r\n--edge--\r\n"),
        sending(
            "multipart/form-data; boundary=edge",
            "--edge\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut",
        ),
    ] {
        assert_eq!(ask(request).await.problem().0, 400);
    }
}

#[tokio::test]
async fn options_are_read_from_the_address() {
    for (query, read) in [
        ("", "auto 30d"),
        ("?state=observed&expires=1h&other=x", "observed 1h"),
        ("?state=&expires=", "auto 30d"),
        ("?state=assumed&expires=1y", "assumed 1y"),
        // What stands in a file ends with a line end.
        ("?state=observed%0A&names=replaced%0D%0A&expires=1h%0A", "observed 1h"),
        ("?state=%0A&names=%0A", "auto 30d"),
    ] {
        assert_eq!(ask(at(&format!("/options{query}"))).await.text(), read, "{query}");
    }
    for (query, words) in [
        ("?state=ready", "state is \"auto\", \"assumed\" or \"observed\", not \"ready\""),
        ("?expires=tomorrow", "a time is a number and a unit"),
        ("?expires=0d", "at least one second"),
        ("?expires=2y", "1y at most, not 2y"),
        ("?expires=53w", "1y at most, not 53w"),
        ("?expire=1h", "there is no \"expire\": write expires=1h"),
        ("?EXPIRES=1h", "write expires=1h"),
        ("?name=replaced", "write names=replaced"),
        ("?Names=replaced", "write names=replaced"),
        ("?State=observed", "write state=observed"),
    ] {
        let (status, detail) = ask(at(&format!("/options{query}"))).await.problem();
        assert!(status == 400 && detail.contains(words), "{query}: {detail}");
    }
}
