use podwire::web::router;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;

use crate::api_analyze::{WEB, to};
use crate::*;

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

#[tokio::test]
async fn programs_get_a_problem_and_people_a_page() {
    for (path, accept, kind) in [
        ("/nowhere", "*/*", "application/problem+json"),
        ("/nowhere", "application/json", "application/problem+json"),
        ("/nowhere", "text/html;q=0.5, application/json", "application/problem+json"),
        ("/nowhere", "text/html;q=0", "application/problem+json"),
        ("/nowhere", BROWSER, "text/html; charset=utf-8"),
        ("/api/v1/nowhere", BROWSER, "application/problem+json"),
        ("/d/x", BROWSER, "text/html; charset=utf-8"),
        ("/api/v1/diagrams/x", BROWSER, "application/problem+json"),
    ] {
        let answer = ask(accepting(path, accept)).await;
        assert_eq!(answer.header("content-type"), kind, "{path} {accept}");
        let status = if path.ends_with("/x") { 410 } else { 404 };
        assert_eq!(answer.status, status, "{path} {accept}");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(answer.header("vary").contains("accept"));
    }
}

#[tokio::test]
async fn a_problem_has_the_members_of_rfc_9457() {
    let answer = ask(at("/at")).await;
    let expected = serde_json::json!({
        "type": "urn:podwire:problem:bad-request",
        "title": "The request is not understood",
        "status": 400,
        "detail": "no",
        "source": {"file": "a.yaml", "line": 3, "column": 7}
    });
    assert_eq!(answer.json(), expected);
    assert_eq!(ask(at("/busy")).await.json().get("source"), None);
}

#[tokio::test]
async fn a_page_says_what_the_problem_says() {
    let answer = ask(accepting("/at", BROWSER)).await;
    assert_eq!(answer.status, 400);
    for words in ["The request is not understood", "<p>No.</p>", "a.yaml:3:7"] {
        assert!(answer.text().contains(words), "{}", answer.text());
    }
}

#[tokio::test]
async fn the_headers_of_an_error_are_on_both_faces() {
    for accept in ["*/*", BROWSER] {
        let answer = ask(accepting("/busy", accept)).await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "5"));
        let answer = ask(accepting("/unauthorized", accept)).await;
        assert_eq!((answer.status.as_u16(), answer.header("www-authenticate")), (401, "Bearer"));
        let answer = ask(accepting("/files", accept)).await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "POST"));
    }
    let (status, detail) = ask(at("/files")).await.problem();
    assert_eq!((status, detail.contains("Allow")), (405, true));
}

/// Nobody is told to try again what never helps.
#[tokio::test]
async fn what_is_kept_and_cannot_be_read_is_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("podwire.db");
    let store = Store::open(&format!("sqlite:{}", path.display())).await.unwrap();
    let mut file = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    let share = to("/api/v1/diagrams", sending("text/yaml", WEB));
    let app = || AppState::new(Config::default(), store.clone());
    let made = send(router(app()), share).await.json();
    for change in ["body = x'00'", "format = 99"] {
        let change = sqlx::AssertSqlSafe(format!("UPDATE diagrams SET {change}"));
        sqlx::raw_sql(change).execute(&mut file).await.unwrap();
        let diagram = format!("/api/v1/diagrams/{}", made["id"].as_str().unwrap());
        let (status, detail) = send(router(app()), at(&diagram)).await.problem();
        assert_eq!(status, 500);
        assert!(detail.contains("cannot be read") && !detail.contains("trying again"), "{detail}");
    }
}

#[tokio::test]
async fn causes_are_not_shown() {
    for path in ["/internal", "/panic"] {
        for accept in ["*/*", BROWSER] {
            let answer = ask(accepting(path, accept)).await;
            assert_eq!(answer.status, 500);
            assert!(answer.text().to_lowercase().contains("something went wrong"), "{}", answer.text());
            assert!(
                !answer.text().contains("secret") && !answer.text().contains("upload"),
                "{}",
                answer.text()
            );
        }
    }
}
