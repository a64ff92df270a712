use podwire::web::router;

use crate::api_analyze::{WEB, to};
use crate::*;

async fn share(app: &AppState, path: &str, key: &str, body: &str) -> Answer {
    let mut request = to(path, sending("text/yaml", body.to_owned()));
    request.headers_mut().insert("idempotency-key", key.parse().unwrap());
    send(router(app.clone()), request).await
}

const DIAGRAMS: &str = "/api/v1/diagrams";

#[tokio::test]
async fn an_upload_that_is_sent_again_is_kept_once() {
    let app = state(Config::default()).await;
    let first = share(&app, DIAGRAMS, "8e03978e-40d5", WEB).await;
    assert_eq!((first.status.as_u16(), first.header("idempotency-replayed")), (201, ""));
    let made = first.json();
    assert!(made["deleteToken"].is_string());
    for key in ["8e03978e-40d5", "\"8e03978e-40d5\""] {
        let again = share(&app, DIAGRAMS, key, WEB).await;
        assert_eq!((again.status.as_u16(), again.header("idempotency-replayed")), (201, "true"));
        assert_eq!(again.header("location"), first.header("location"));
        let mut told = made.clone();
        told.as_object_mut().unwrap().remove("deleteToken");
        assert_eq!(again.json(), told);
    }
    let other = share(&app, DIAGRAMS, "another", WEB).await.json();
    assert_ne!(other["id"], made["id"]);
    let without = |answer: Answer| answer.json()["id"].clone();
    let plain = || async { send(router(app.clone()), to(DIAGRAMS, sending("text/yaml", WEB))).await };
    assert_ne!(without(plain().await), without(plain().await));
}

#[tokio::test]
async fn a_key_is_one_uploads() {
    let app = state(Config::default()).await;
    assert_eq!(share(&app, DIAGRAMS, "k", WEB).await.status, 201);
    let options = [format!("{DIAGRAMS}?expires=1h"), format!("{DIAGRAMS}?state=observed")];
    let edited = WEB.replace("30080", "30081");
    for (path, body) in [(DIAGRAMS, edited.as_str()), (&options[0], WEB), (&options[1], WEB)] {
        let (status, detail) = share(&app, path, "k", body).await.problem();
        assert_eq!(status, 422, "{path}");
        assert!(detail.contains("Idempotency-Key"), "{detail}");
    }
    for key in ["", "\"\"", "  ", "schlüssel", &"k".repeat(256)] {
        assert_eq!(share(&app, DIAGRAMS, key, WEB).await.problem().0, 400, "{key:?}");
    }
    assert_eq!(share(&app, DIAGRAMS, &"k".repeat(255), WEB).await.status, 201);
    let mut two = to(DIAGRAMS, sending("text/yaml", WEB));
    for key in ["k", "another"] {
        two.headers_mut().append("idempotency-key", key.parse().unwrap());
    }
    let (status, detail) = send(router(app), two).await.problem();
    assert!(status == 400 && detail.contains("Idempotency-Key"), "{detail}");
}

#[tokio::test]
async fn a_form_that_is_sent_again_may_have_another_boundary() {
    let app = state(Config::default()).await;
    let form = |edge: &str| {
        let part = format!(
            "--{edge}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.yaml\"\r\n\r\n{WEB}\r\n--{edge}--\r\n"
        );
        let kind = format!("multipart/form-data; boundary={edge}");
        let request = Request::post(DIAGRAMS).header("content-type", kind).header("idempotency-key", "k");
        send(router(app.clone()), request.body(Body::from(part)).unwrap())
    };
    assert_eq!(form("one").await.json()["id"], form("two").await.json()["id"]);
}

#[tokio::test]
async fn a_key_is_free_again_once_its_diagram_is_deleted() {
    let app = state(Config::default()).await;
    let made = share(&app, DIAGRAMS, "k", WEB).await.json();
    let token = format!("Bearer {}", made["deleteToken"].as_str().unwrap());
    let delete = Request::delete(format!("{DIAGRAMS}/{}", made["id"].as_str().unwrap()))
        .header("authorization", token);
    assert_eq!(send(router(app.clone()), delete.body(Body::empty()).unwrap()).await.status, 204);
    let next = share(&app, DIAGRAMS, "k", WEB).await.json();
    assert_ne!(next["id"], made["id"]);
    assert!(next["deleteToken"].is_string());
}
